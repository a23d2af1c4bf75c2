using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Aeron.Driver;

/// <summary>Which channels share an endpoint, and what they must then have in common.</summary>
internal static class Endpoints
{
    /// <summary>Whether a channel goes through the endpoint of another.</summary>
    /// <exception cref="CommandException">Same tag, other addresses.</exception>
    public static bool AreSame(UdpChannel channel, UdpChannel existing) =>
        (channel.ChannelTag is null
            || existing.ChannelTag is null
            || channel.ChannelTag == existing.ChannelTag)
        && channel.HasSameEndpoint(existing);

    /// <summary>One socket has one size of each buffer.</summary>
    /// <exception cref="CommandException">The channel asks for another.</exception>
    public static void RequireSameBuffers(UdpChannel channel, UdpChannel existing)
    {
        RequireSame("so-sndbuf", channel.SendBufferLength, existing.SendBufferLength, channel, existing);
        RequireSame("so-rcvbuf", channel.ReceiveBufferLength, existing.ReceiveBufferLength, channel, existing);
    }

    private static void RequireSame(string key, int asked, int there, UdpChannel channel, UdpChannel existing)
    {
        if (asked != 0 && asked != there)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel,
                $"{key}={asked} but the endpoint has {there} by {existing.Uri}: {channel.Uri}");
        }
    }
}
