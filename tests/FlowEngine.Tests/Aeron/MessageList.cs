using FlowEngine.Aeron.Control;

namespace FlowEngine.Tests.Aeron;

/// <summary>Keeps copies of the messages it gets.</summary>
internal readonly struct MessageList() : IMessageHandler
{
    public List<(int Type, byte[] Body)> Messages { get; } = [];

    public void OnMessage(int type, ReadOnlySpan<byte> body) => Messages.Add((type, body.ToArray()));
}
