namespace FlowEngine.Feeds.Framing;

/// <summary>Knows messages when it sees them; what tells one framing from another.</summary>
public interface IMessageProbe
{
    /// <summary>The length of the message that begins here; 0 when it is none that is known.</summary>
    int Measure(ReadOnlySpan<byte> bytes);
}
