using System.Numerics;
using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// A run of ticks of one side, dense, with an occupancy bitmap and a summary over it:
/// <code>
///            better                                                        worse
///            top                  ticks × step below top
///   lots      |0 0 5 3 0 7 | 2 0 0 0 9 0 0 0 | 0 0 0 0 0 0 0 0 |          by tick, 0 where no level is
///   words        0b101100       0b10001            0b0                      a bit a tick, 64 ticks a word
///   summary         1              1                0                       a bit a word
///   seen      [5 3 7 2 ...]   best first, laid out as far as readers asked
/// </code>
/// A price is one subtraction away from its lots. The next best level is two bit scans. Readers who walk by rank get
/// the levels laid out once (<see cref="Seen"/>) and keep them until a level comes or goes before there. Owns no
/// memory.
/// </summary>
internal unsafe struct TickWindow
{
    /// <summary>Most ticks of a window: as many as a summary of one word can tell.</summary>
    public const int MaxTicks = 4096;

    /// <summary>Prices beyond ± this never come into a window.</summary>
    public const long FarPrice = 1L << 62;

    /// <summary>Coarsest step of a window in quanta.</summary>
    public const int MaxStep = 1 << 24;

    private const int WordBits = 64;
    private const int SeenAhead = 8;

    private readonly long* _lots;
    private readonly ulong* _words;
    private readonly PriceLevel* _seen;
    private readonly long _mask;
    private readonly int _ticks;
    private long _topKey;
    private ulong _span;
    private ulong _step;
    private ulong _reciprocal;
    private ulong _summary;
    private int _count;

    // Tick of the best level, _ticks where there is none: readers ask for it far more often than it moves.
    private int _best;

    // Ranks below _seenCount are laid out; the next one is the first level from tick _seenNext on.
    private int _seenCount;
    private int _seenNext;

    /// <summary>An empty window that lies nowhere, over <see cref="BytesFor"/> zeroed bytes.</summary>
    public TickWindow(byte* memory, int ticks, Side side)
    {
        _words = (ulong*)memory;
        _lots = (long*)(memory + (ticks / 8));
        _seen = (PriceLevel*)(memory + (ticks / 8) + (ticks * sizeof(long)));
        _mask = side == Side.Bid ? 0 : -1;
        _ticks = ticks;
        _best = ticks;
        _step = 1;
    }

    /// <summary>Ticks of the window.</summary>
    public readonly int Ticks => _ticks;

    /// <summary>Levels in it.</summary>
    public readonly int Count => _count;

    /// <summary>Quanta from one tick to the next.</summary>
    public readonly ulong Step => _step;

    /// <summary>Whether it lies somewhere.</summary>
    public readonly bool IsPlaced => _span != 0;

    /// <summary>Whether the best level lies in the last quarter, or nowhere.</summary>
    public readonly bool IsTouchLate =>
        _summary == 0 || BitOperations.TrailingZeroCount(_summary) >= _ticks * 3 / 4 / WordBits;

    /// <summary>Tick of the best level; there must be one.</summary>
    public readonly int BestTick => _best;

    /// <summary>Tick of the worst level; there must be one.</summary>
    public readonly int WorstTick
    {
        get
        {
            int word = BitOperations.Log2(_summary);
            return (word * WordBits) + BitOperations.Log2(_words[word]);
        }
    }

    /// <summary>Bytes of memory for so many ticks, a multiple of 64.</summary>
    public static int BytesFor(int ticks) => (ticks / 8) + (ticks * (sizeof(long) + sizeof(PriceLevel)));

    /// <summary>Tick of a price, -1 where it has none: outside, or off the grid.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int TickOf(long price)
    {
        // The top is never beyond ±2^62 by more than a window, so a better price can't wrap into the span.
        ulong below = unchecked((ulong)(_topKey - (price ^ _mask)));
        if (below >= _span)
        {
            return -1;
        }

        if (_step == 1)
        {
            return (int)below;
        }

        // Division by a constant of the window: exact, since ticks × step² is below 2^64.
        ulong tick = Math.BigMul(below, _reciprocal, out _);
        return tick * _step == below ? (int)tick : -1;
    }

    /// <summary>Price of a tick.</summary>
    public readonly long PriceAt(int tick) => (_topKey - ((long)_step * tick)) ^ _mask;

    /// <summary>Lots at a tick, 0 where no level is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly long LotsAt(int tick) => _lots[tick];

    /// <summary>The level at a tick.</summary>
    public readonly PriceLevel LevelAt(int tick) => new(PriceAt(tick), _lots[tick]);

    /// <summary>Whether a price is worse than all of the window; true for all while it lies nowhere.</summary>
    public readonly bool IsBehind(long price) => _span == 0
        || ((price ^ _mask) < _topKey && unchecked((ulong)(_topKey - (price ^ _mask))) >= _span);

    /// <summary>The level that is at a tick now holds <paramref name="lots"/>.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void SetLots(int tick, long price, long lots)
    {
        _lots[tick] = lots;
        if (tick < _seenNext)
        {
            _seen[RankOf(tick)] = new PriceLevel(price, lots);
        }
    }

    /// <summary>A level comes to a tick that has none.</summary>
    [Hot]
    public void Put(int tick, long lots)
    {
        _lots[tick] = lots;
        _words[tick / WordBits] |= 1UL << tick;
        _summary |= 1UL << (tick / WordBits);
        _count++;
        _best = Math.Min(_best, tick);
        CutSeen(tick);
    }

    /// <summary>The level at a tick goes.</summary>
    [Hot]
    public void TakeOut(int tick)
    {
        _lots[tick] = 0;
        ulong word = _words[tick / WordBits] & ~(1UL << tick);
        _words[tick / WordBits] = word;
        if (word == 0)
        {
            _summary &= ~(1UL << (tick / WordBits));
        }

        _count--;
        if (tick == _best)
        {
            _best = FirstTick();
        }

        CutSeen(tick);
    }

    /// <summary>
    /// Level by rank, below <see cref="Count"/>. O(1) once laid out; laying out costs some nanoseconds a level.
    /// </summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly PriceLevel Seen(int rank)
    {
        if (rank >= _seenCount)
        {
            See(rank);
        }

        return ref _seen[rank];
    }

    /// <summary>Lays an empty window so that a quarter of it lies before the best key.</summary>
    /// <param name="bestKey">Price for bids, its complement for asks; within <see cref="FarPrice"/>.</param>
    /// <param name="step">Quanta a tick, 1 to <see cref="MaxStep"/>.</param>
    public void Place(long bestKey, ulong step)
    {
        _step = step;
        _topKey = bestKey + ((long)step * (_ticks / 4));
        _span = step * (ulong)_ticks;
        _reciprocal = step == 1 ? 0 : (ulong.MaxValue / step) + 1;
    }

    /// <summary>How far a price lies off the grid, 0 where it has a tick or lies outside.</summary>
    public readonly ulong Off(long price)
    {
        ulong below = unchecked((ulong)(_topKey - (price ^ _mask)));
        return below >= _span ? 0 : below % _step;
    }

    /// <summary>From here the window lies nowhere; it must be empty.</summary>
    public void Lift() => _span = 0;

    /// <summary>Empties the window and lifts it.</summary>
    public void Clear()
    {
        for (ulong words = _summary; words != 0; words &= words - 1)
        {
            int word = BitOperations.TrailingZeroCount(words);
            new Span<long>(_lots + (word * WordBits), WordBits).Clear();
            _words[word] = 0;
        }

        _summary = 0;
        _count = 0;
        _best = _ticks;
        _span = 0;
        _seenCount = 0;
        _seenNext = 0;
    }

    /// <summary>Looks for what is wrong with lots, bitmaps and laid out levels. O(ticks).</summary>
    /// <returns>What is wrong, or null.</returns>
    public readonly string? FindBroken()
    {
        var levels = 0;
        var seen = 0;
        for (var tick = 0; tick < _ticks; tick++)
        {
            bool has = (_words[tick / WordBits] >> (tick % WordBits) & 1) != 0;
            if (_lots[tick] < 0 || has != (_lots[tick] > 0))
            {
                return $"tick {tick} of the window holds {_lots[tick]} lots, its bit says {has}";
            }

            levels += has ? 1 : 0;
            if (has && tick < _seenNext)
            {
                if (seen >= _seenCount || _seen[seen] != LevelAt(tick))
                {
                    return $"rank {seen} was laid out otherwise than tick {tick} is";
                }

                seen++;
            }
        }

        for (var word = 0; word < _ticks / WordBits; word++)
        {
            if ((_words[word] != 0) != ((_summary >> word & 1) != 0))
            {
                return $"summary {_summary:x} is wrong about word {word}";
            }
        }

        if (_best != FirstTick())
        {
            return $"tick {_best} for the best, but the bitmap says {FirstTick()}";
        }

        return levels == _count && seen == _seenCount
            ? null
            : $"{levels} bits for {_count} levels of the window, {seen} of {_seenCount} laid out";
    }

    private readonly int FirstTick()
    {
        if (_summary == 0)
        {
            return _ticks;
        }

        int word = BitOperations.TrailingZeroCount(_summary);
        return (word * WordBits) + BitOperations.TrailingZeroCount(_words[word]);
    }

    /// <summary>Levels before a tick.</summary>
    private readonly int RankOf(int tick)
    {
        int last = tick / WordBits;
        int rank = BitOperations.PopCount(_words[last] & ((1UL << tick) - 1));
        for (int word = BitOperations.TrailingZeroCount(_summary); word < last; word++)
        {
            rank += BitOperations.PopCount(_words[word]);
        }

        return rank;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CutSeen(int tick)
    {
        if (tick < _seenNext)
        {
            _seenNext = tick;
            _seenCount = RankOf(tick);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void See(int rank)
    {
        int target = Math.Min(_count, rank + SeenAhead);
        int next = _seenNext;
        while (_seenCount < target && next < _ticks)
        {
            int word = next / WordBits;
            ulong bits = _words[word] & (ulong.MaxValue << next);
            if (bits == 0)
            {
                ulong later = word == WordBits - 1 ? 0 : _summary & (ulong.MaxValue << (word + 1));
                next = later == 0 ? _ticks : BitOperations.TrailingZeroCount(later) * WordBits;
                continue;
            }

            next = (word * WordBits) + BitOperations.TrailingZeroCount(bits);
            _seen[_seenCount++] = LevelAt(next);
            next++;
        }

        _seenNext = next;
    }
}
