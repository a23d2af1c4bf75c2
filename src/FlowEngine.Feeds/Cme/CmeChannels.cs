using FlowEngine.Core;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// The channels of a decoder by port: the venue's B lines are 1,000 above their A lines, and a port has one channel's
/// feeds. Ingress thread.
/// </summary>
internal sealed class CmeChannels
{
    /// <summary>Most channels of one decoder; each has 64 KiB for its match event.</summary>
    public const int Max = 256;

    // So many are made at once, those behind them when they are heard of.
    private const int Prepared = 16;
    private const int FirstPortOfB = 15_000;
    private const int PortsOfALine = 1_000;

    private readonly CmeChannel?[] _byPort = new CmeChannel?[65_536];
    private readonly CmeChannel?[] _all = new CmeChannel?[Max];

    public CmeChannels()
    {
        for (var i = 0; i < Prepared; i++)
        {
            _all[i] = new CmeChannel(i);
        }
    }

    /// <summary>Channels that were heard of.</summary>
    public int Count { get; private set; }

    /// <summary>A channel by its number.</summary>
    public CmeChannel this[int index] => _all[index]!;

    /// <summary>Redundant line that the venue's own port numbers name: 0 is A, 1 is B.</summary>
    public static byte LineOf(ushort port) =>
        port is >= FirstPortOfB and < FirstPortOfB + PortsOfALine ? (byte)1 : (byte)0;

    /// <summary>Finds the channel of a port. Allocates for a new one.</summary>
    /// <returns>False when there are too many.</returns>
    [Hot]
    public bool TryFind(ushort port, out CmeChannel channel)
    {
        int home = port - (LineOf(port) * PortsOfALine);
        CmeChannel? found = _byPort[home];
        channel = found ?? AddSlow(home)!;
        return channel is not null;
    }

    private CmeChannel? AddSlow(int home)
    {
        if (Count == Max)
        {
            return null;
        }

        CmeChannel channel = _all[Count] ??= new CmeChannel(Count);
        Count++;
        _byPort[home] = channel;
        return channel;
    }
}
