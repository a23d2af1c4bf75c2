namespace FlowEngine.Aeron.Control;

/// <summary>Takes messages of a ring or a broadcast buffer. A struct, so that the call is inlined.</summary>
public interface IMessageHandler
{
    /// <summary>One message; the bytes are valid during the call only.</summary>
    void OnMessage(int type, ReadOnlySpan<byte> body);
}
