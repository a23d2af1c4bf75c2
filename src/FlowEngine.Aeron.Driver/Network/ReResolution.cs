using System.Net;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core.Agents;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Looks names up again that have fallen silent. Off the driver's threads, as it may take seconds; at most one at a
/// time
/// for each name. Conductor's thread.
/// </summary>
internal sealed class ReResolution(
    MediaDriverContext context, CommandQueue conductor, Action<ErrorCode, string> logError)
{
    private readonly HashSet<string> _pending = [];

    /// <summary>Looks up the host that a channel names.</summary>
    /// <param name="uri">The channel.</param>
    /// <param name="key">Its parameter with the name.</param>
    /// <param name="current">Address used now.</param>
    /// <param name="changed">Called on the conductor's thread with the new address if it is another.</param>
    public void Start(ChannelUri uri, string key, UdpAddress current, Action<UdpAddress> changed)
    {
        // An address in text means the same for ever.
        if (uri[key] is not { } text || IPEndPoint.TryParse(text, out _) || !_pending.Add(text))
        {
            return;
        }

        AgentThread.Start("aeron-driver-resolver", () => Resolve(uri, key, text, current, changed));
    }

    private void Resolve(ChannelUri uri, string key, string text, UdpAddress current, Action<UdpAddress> changed)
    {
        var found = current;
        try
        {
            var channel = UdpChannel.Parse(uri, context.NameResolver, isDestination: true);
            found = key == "control" ? channel.RemoteControl : channel.RemoteData;
        }
        catch (CommandException exception)
        {
            logError(exception.Code, $"looking up {text} again: {exception.Message}");
        }

        conductor.Post(() =>
        {
            _pending.Remove(text);
            if (found != current)
            {
                changed(found);
            }
        });
    }
}
