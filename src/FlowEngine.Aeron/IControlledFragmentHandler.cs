namespace FlowEngine.Aeron;

/// <summary>Takes fragments from a controlled poll and says how to go on.</summary>
public interface IControlledFragmentHandler
{
    /// <summary>One fragment; payload and header are valid during the call only.</summary>
    ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header);
}
