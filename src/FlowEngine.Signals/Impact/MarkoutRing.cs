using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>A trade that waits to be held against later mids.</summary>
/// <param name="Sign">1 bought, -1 sold.</param>
/// <param name="Price">Quanta.</param>
/// <param name="Lots">Lots.</param>
/// <param name="MidBefore2">Twice the mid before its venue event.</param>
/// <param name="MidAfter2">Twice the mid right after it.</param>
/// <param name="TimeNs">When.</param>
public readonly record struct Markout(
    int Sign, long Price, long Lots, long MidBefore2, long MidAfter2, long TimeNs);

/// <summary>
/// Trades that wait for the mid some horizons later (M9, M11): one ring, and a cursor for each horizon, since those of
/// one horizon fall due in the order they came. Full: the new trade is dropped and counted.
/// <para>The mid of a horizon is the one that stood at its end: settle with the old mid before the new one
/// stands.</para>
/// </summary>
public sealed class MarkoutRing
{
    private readonly Markout[] _ring;
    private readonly long[] _horizonsNs;
    private readonly long[] _settled;
    private long _added;

    /// <summary>Nothing waits.</summary>
    /// <param name="capacity">Most that wait at a time.</param>
    /// <param name="horizonsNs">Ascending, each more than 0.</param>
    public MarkoutRing(int capacity, params ReadOnlySpan<long> horizonsNs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizonsNs.Length, 1);
        _ring = new Markout[capacity];
        _horizonsNs = horizonsNs.ToArray();
        _settled = new long[horizonsNs.Length];
    }

    /// <summary>How many horizons.</summary>
    public int Horizons => _horizonsNs.Length;

    /// <summary>Trades that found no room, since the start.</summary>
    public long Dropped { get; private set; }

    /// <summary>Lets a trade wait.</summary>
    [Hot]
    public void Add(in Markout markout)
    {
        if (_added - _settled[^1] >= _ring.Length)
        {
            Dropped++;
            return;
        }

        _ring[(int)(_added % _ring.Length)] = markout;
        _added++;
    }

    /// <summary>The next trade whose horizon ended before <paramref name="nowNs"/>; ask until it says no.</summary>
    [Hot]
    public bool TrySettle(int horizon, long nowNs, out Markout markout)
    {
        long next = _settled[horizon];
        markout = _ring[(int)(next % _ring.Length)];
        if (next == _added || markout.TimeNs + _horizonsNs[horizon] >= nowNs)
        {
            return false;
        }

        _settled[horizon] = next + 1;
        return true;
    }

    /// <summary>Forgets all that wait: after a snapshot, a gap or a halt.</summary>
    [Hot]
    public void Clear()
    {
        for (int i = 0; i < _settled.Length; i++)
        {
            _settled[i] = _added;
        }
    }
}
