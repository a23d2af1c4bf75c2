using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// The ways a stream comes to an image: one for each destination it was seen at, usually one in all. Receiver's thread.
/// </summary>
internal sealed class ImageConnections(long livenessTimeoutNs)
{
    private const long DestinationTimeoutNs = 5_000_000_000;

    private ImageConnection[] _all = [];

    /// <summary>All of them.</summary>
    public ReadOnlySpan<ImageConnection> All => _all;

    /// <summary>A destination's, made if there is none.</summary>
    public ImageConnection Add(ReceiveDestination destination, long nowNs)
    {
        if (Find(destination) is { } known)
        {
            return known;
        }

        var connection = new ImageConnection(destination) { LastActivityNs = nowNs };
        _all = [.. _all, connection];
        return connection;
    }

    public void Remove(ReceiveDestination destination) =>
        _all = Array.FindAll(_all, connection => connection.Destination != destination);

    public void Clear() => _all = [];

    /// <summary>A frame came from <paramref name="source"/>.</summary>
    [Hot]
    public void OnFrame(ReceiveDestination destination, in UdpAddress source, long nowNs)
    {
        var connection = Find(destination) ?? Add(destination, nowNs);
        connection.OnFrame(source, nowNs);
    }

    /// <summary>One way has ended at <paramref name="position"/>.</summary>
    /// <param name="destination">The way.</param>
    /// <param name="position">Its end.</param>
    /// <param name="endPosition">The furthest end of all.</param>
    /// <returns>Whether all have ended.</returns>
    public bool OnEndOfStream(ReceiveDestination destination, long position, out long endPosition)
    {
        var haveAll = true;
        endPosition = 0;
        foreach (var connection in _all)
        {
            if (connection.Destination == destination)
            {
                connection.IsEndOfStream = true;
                connection.EndPosition = position;
            }

            haveAll &= connection.IsEndOfStream;
            endPosition = Math.Max(endPosition, connection.EndPosition);
        }

        return haveAll;
    }

    /// <summary>Whether feedback can and should be sent that way.</summary>
    [Hot]
    public static bool IsAlive(ImageConnection connection, long nowNs) =>
        connection.HasControlAddress && nowNs - connection.LastActivityNs < DestinationTimeoutNs;

    /// <summary>How many have had a frame within the liveness timeout.</summary>
    [Hot]
    public int CountActive(long nowNs)
    {
        var count = 0;
        foreach (var connection in _all)
        {
            if (connection.HasFrame && nowNs - connection.LastFrameNs < livenessTimeoutNs)
            {
                count++;
            }
        }

        return count;
    }

    [Hot]
    private ImageConnection? Find(ReceiveDestination destination)
    {
        foreach (var connection in _all)
        {
            if (connection.Destination == destination)
            {
                return connection;
            }
        }

        return null;
    }
}

/// <summary>One way a stream comes to an image.</summary>
internal sealed class ImageConnection(ReceiveDestination destination)
{
    private UdpAddress _controlAddress;

    public ReceiveDestination Destination { get; } = destination;

    /// <summary>Where feedback goes: what the destination says, else where the first frame came from.</summary>
    public ref readonly UdpAddress ControlAddress
    {
        get
        {
            if (Destination.HasControlAddress)
            {
                return ref Destination.ControlAddress;
            }

            return ref _controlAddress;
        }
    }

    /// <summary>Whether that is known.</summary>
    public bool HasControlAddress => Destination.HasControlAddress || _controlAddress.IsSpecified;

    public bool HasFrame { get; private set; }

    public long LastFrameNs { get; private set; }

    public long LastActivityNs { get; set; }

    public bool IsEndOfStream { get; set; }

    public long EndPosition { get; set; }

    public void SetControlAddress(in UdpAddress address) => _controlAddress = address;

    [Hot]
    public void OnFrame(in UdpAddress source, long nowNs)
    {
        if (!HasControlAddress)
        {
            _controlAddress = source;
        }

        HasFrame = true;
        LastFrameNs = nowNs;
        LastActivityNs = nowNs;
    }
}
