using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// Where an endpoint receives: one socket. A plain subscription has one, a multi-destination subscription one for each
/// destination added. Made by the conductor, then the receiver's.
/// </summary>
internal sealed class ReceiveDestination(UdpChannel channel, IUdpTransport transport, long nowNs)
{
    private const long ReResolutionTimeoutNs = 5_000_000_000;

    private long _lastActivityNs = nowNs;
    private UdpAddress _controlAddress = channel.RemoteControl;

    public UdpChannel Channel { get; } = channel;

    public IUdpTransport Transport { get; } = transport;

    /// <summary>Whether feedback goes to one address; otherwise it goes to where the data comes from.</summary>
    public bool HasControlAddress { get; } = channel.IsMulticast || channel.HasExplicitControl;

    /// <summary>The group's control address, or the publisher's that was given. Receiver's thread.</summary>
    public ref readonly UdpAddress ControlAddress => ref _controlAddress;

    /// <summary>Address it is bound to. Any thread.</summary>
    public UdpAddress LocalAddress { get; } = transport.LocalAddress;

    /// <summary>
    /// Whether the name in <c>control</c> should be looked up again, for nothing has come for 5 s; then not again for
    /// as long. Conductor's thread.
    /// </summary>
    public bool IsReResolutionDue(long nowNs)
    {
        // Pairs with OnActivity of the receiver.
        if (!Channel.HasExplicitControl || nowNs - Volatile.Read(ref _lastActivityNs) <= ReResolutionTimeoutNs)
        {
            return false;
        }

        Volatile.Write(ref _lastActivityNs, nowNs);
        return true;
    }

    /// <summary>Something came. Receiver's thread.</summary>
    [Hot]
    public void OnActivity(long nowNs) => Volatile.Write(ref _lastActivityNs, nowNs);

    /// <summary>Feedback goes there from now on. Receiver's thread.</summary>
    public void ReplaceControlAddress(in UdpAddress address) => _controlAddress = address;
}
