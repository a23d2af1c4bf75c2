using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Looks over the engine thread's shoulder, for tools that explain: sees each event before and after the stages have
/// taken it, and each message as it is computed. Not for an engine in service.
/// </summary>
public interface IEventTap
{
    /// <summary>The stages have not seen the event yet.</summary>
    /// <param name="evt">The event.</param>
    /// <param name="sequence">Its number.</param>
    void Before(in MarketEvent evt, long sequence);

    /// <summary>The stages have taken the event, and published what comes of it.</summary>
    /// <param name="evt">The event.</param>
    /// <param name="sequence">Its number.</param>
    void After(in MarketEvent evt, long sequence);

    /// <summary>A message was computed; its epoch, receive and publish stamps are still 0.</summary>
    void Message(ReadOnlySpan<byte> message);
}
