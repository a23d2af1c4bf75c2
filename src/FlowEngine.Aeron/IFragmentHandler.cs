namespace FlowEngine.Aeron;

/// <summary>Takes fragments from a poll. A struct, so that the call is inlined; a class works too.</summary>
public interface IFragmentHandler
{
    /// <summary>One fragment; payload and header are valid during the call only.</summary>
    void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header);
}
