using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// A run of ticks of one side, dense, with an occupancy bitmap and a summary over it:
/// <code>
///            better                                                        worse
///            top                  ticks × step below top
///   lots      |0 0 5 3 0 7 | 2 0 0 0 9 0 0 0 | 0 0 0 0 0 0 0 0 |          by tick, 0 where no level is
///   words        0b101100       0b10001            0b0                      a bit a tick, 64 ticks a word
///   summary         1              1                0                       a bit a word, 64 words a word
///   top             1                                                       a bit a word of the summary
///   seen      [5 3 7 2 ...]   best first, laid out as far as readers asked
/// </code>
/// A price is one subtraction away from its lots. The next best level is three bit scans. Readers who walk by rank get
/// the levels laid out once (<see cref="Seen"/>) and keep them until a level comes or goes before there. Readers who
/// ask for the lots up to four prices (<see cref="TryLotsWithin"/>) get sums that each change keeps up. Owns no memory.
/// </summary>
internal unsafe struct TickWindow
{
    /// <summary>Most ticks of a window: times <see cref="MaxStep"/> squared they must stay below 2^64.</summary>
    public const int MaxTicks = 1 << 15;

    /// <summary>Prices beyond ± this never come into a window.</summary>
    public const long FarPrice = 1L << 62;

    /// <summary>Coarsest step of a window in quanta.</summary>
    public const int MaxStep = 1 << 24;

    private const int WordBits = 64;
    private const int SeenAhead = 8;

    private readonly long* _lots;
    private readonly ulong* _words;
    private readonly ulong* _summary;
    private readonly PriceLevel* _seen;
    private readonly long _mask;
    private readonly int _ticks;
    private long _topKey;
    private ulong _span;
    private ulong _step;
    private ulong _reciprocal;
    private ulong _top;
    private int _count;

    // Tick of the best level, _ticks where there is none: readers ask for it far more often than it moves.
    private int _best;

    // Ranks below _seenCount are laid out; the next one is the first level from tick _seenNext on.
    private int _seenCount;
    private int _seenNext;

    private BandSums _bands;

    /// <summary>An empty window that lies nowhere, over <see cref="BytesFor"/> zeroed bytes.</summary>
    public TickWindow(byte* memory, int ticks, Side side)
    {
        _words = (ulong*)memory;
        _summary = (ulong*)(memory + WordBytes(ticks));
        _lots = (long*)(memory + WordBytes(ticks) + SummaryBytes(ticks));
        _seen = (PriceLevel*)(_lots + ticks);
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
    public readonly bool IsTouchLate => _best >= _ticks - (_ticks / 4);

    /// <summary>Tick of the best level; there must be one.</summary>
    public readonly int BestTick => _best;

    /// <summary>Tick of the worst level; there must be one.</summary>
    public readonly int WorstTick
    {
        get
        {
            int high = BitOperations.Log2(_top);
            int word = (high * WordBits) + BitOperations.Log2(_summary[high]);
            return (word * WordBits) + BitOperations.Log2(_words[word]);
        }
    }

    /// <summary>Bytes of memory for so many ticks with at most so many levels in them.</summary>
    public static int BytesFor(int ticks, int levels) => WordBytes(ticks) + SummaryBytes(ticks)
        + (ticks * sizeof(long)) + (Math.Min(ticks, levels) * sizeof(PriceLevel));

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
    public void SetLots(int tick, long price, long lots)
    {
        _bands.Change(tick, _lots[tick], lots);
        _lots[tick] = lots;
        if (tick < _seenNext)
        {
            _seen[RankOf(tick)] = new PriceLevel(price, lots);
        }
    }

    /// <summary>
    /// The level at a tick, there or new, now holds <paramref name="lots"/>. Which of the two it is is anyone's guess,
    /// so nothing branches on it until readers had it laid out.
    /// </summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(int tick, long price, long lots)
    {
        bool isNew = _lots[tick] == 0;
        int word = tick / WordBits;
        _bands.Change(tick, _lots[tick], lots);
        _lots[tick] = lots;
        _words[word] |= 1UL << tick;
        _summary[word / WordBits] |= 1UL << word;
        _top |= 1UL << (word / WordBits);
        _count += isNew ? 1 : 0;
        _best = Math.Min(_best, tick);
        if (tick < _seenNext)
        {
            WriteSeen(tick, price, lots, isNew);
        }
    }

    /// <summary>A level comes to a tick that has none.</summary>
    [Hot]
    public void Put(int tick, long lots)
    {
        _bands.Change(tick, 0, lots);
        _lots[tick] = lots;
        int word = tick / WordBits;
        _words[word] |= 1UL << tick;
        _summary[word / WordBits] |= 1UL << word;
        _top |= 1UL << (word / WordBits);
        _count++;
        _best = Math.Min(_best, tick);
        CutSeen(tick);
    }

    /// <summary>The level at a tick goes.</summary>
    [Hot]
    public void TakeOut(int tick)
    {
        _bands.Change(tick, _lots[tick], 0);
        _lots[tick] = 0;
        int word = tick / WordBits;
        int high = word / WordBits;

        // No branches: whether a word empties is anyone's guess.
        ulong ticks = _words[word] & ~(1UL << tick);
        ulong words = _summary[high] & ~(Bit(ticks == 0) << word);
        _words[word] = ticks;
        _summary[high] = words;
        _top &= ~(Bit(words == 0) << high);
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

    /// <summary>
    /// Lots of all levels up to and with each of four prices. O(1) while the prices stay, then O(ticks they moved).
    /// </summary>
    /// <param name="worst">The prices, each worse than the one before or the same, within <see
    /// cref="FarPrice"/>.</param>
    /// <param name="lots">Lots up to each.</param>
    /// <returns>False where lots are so many that sums might not fit, or the window lies nowhere.</returns>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLotsWithin(Vector256<long> worst, out Vector256<long> lots)
    {
        if (worst != _bands.Limits)
        {
            MoveBands(worst);
        }

        lots = _bands.Lots;
        return _span != 0 && _bands.Fit;
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
        _bands = default;
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
        for (; _top != 0; _top &= _top - 1)
        {
            int high = BitOperations.TrailingZeroCount(_top);
            for (ulong words = _summary[high]; words != 0; words &= words - 1)
            {
                int word = (high * WordBits) + BitOperations.TrailingZeroCount(words);
                new Span<long>(_lots + (word * WordBits), WordBits).Clear();
                _words[word] = 0;
            }

            _summary[high] = 0;
        }

        _count = 0;
        _best = _ticks;
        _span = 0;
        _seenCount = 0;
        _seenNext = 0;
        _bands = default;
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
            int high = word / WordBits;
            if ((_words[word] != 0) != ((_summary[high] >> word & 1) != 0)
                || (_summary[high] != 0) != ((_top >> high & 1) != 0))
            {
                return $"summary {_summary[high]:x}, top {_top:x} is wrong about word {word}";
            }
        }

        if (_bands.FindBroken(new ReadOnlySpan<long>(_lots, _ticks)) is { } broken)
        {
            return broken;
        }

        if (_best != FirstTick())
        {
            return $"tick {_best} for the best, but the bitmap says {FirstTick()}";
        }

        return levels == _count && seen == _seenCount
            ? null
            : $"{levels} bits for {_count} levels of the window, {seen} of {_seenCount} laid out";
    }

    private static int WordBytes(int ticks) => ticks / 8;

    private static int SummaryBytes(int ticks) =>
        ((ticks + (WordBits * WordBits) - 1) / (WordBits * WordBits) * sizeof(ulong) + 63) & ~63;

    private readonly int FirstTick()
    {
        if (_top == 0)
        {
            return _ticks;
        }

        int high = BitOperations.TrailingZeroCount(_top);
        int word = (high * WordBits) + BitOperations.TrailingZeroCount(_summary[high]);
        return (word * WordBits) + BitOperations.TrailingZeroCount(_words[word]);
    }

    /// <summary>First tick with a level in the words from one on, _ticks where there is none.</summary>
    private readonly int FirstTickFrom(int word)
    {
        int high = word / WordBits;
        if (word >= _ticks / WordBits)
        {
            return _ticks;
        }

        ulong words = _summary[high] & (ulong.MaxValue << word);
        if (words == 0)
        {
            // Shifting by all 64 bits shifts by none, hence in two steps.
            ulong later = _top & (ulong.MaxValue << high << 1);
            if (later == 0)
            {
                return _ticks;
            }

            high = BitOperations.TrailingZeroCount(later);
            words = _summary[high];
        }

        word = (high * WordBits) + BitOperations.TrailingZeroCount(words);
        return (word * WordBits) + BitOperations.TrailingZeroCount(_words[word]);
    }

    /// <summary>Ticks up to and with a price, on the grid or not.</summary>
    private readonly int TicksTo(long price)
    {
        long key = price ^ _mask;
        if (_span == 0 || key > _topKey)
        {
            return 0;
        }

        ulong below = unchecked((ulong)(_topKey - key));
        return below >= _span ? _ticks : 1 + (int)(_step == 1 ? below : Math.BigMul(below, _reciprocal, out _));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MoveBands(Vector256<long> worst) =>
        _bands.Move(
            worst,
            Vector256.Create(TicksTo(worst[0]), TicksTo(worst[1]), TicksTo(worst[2]), (long)TicksTo(worst[3])),
            new ReadOnlySpan<long>(_lots, _ticks));

    private static ulong Bit(bool value) => value ? 1UL : 0;

    /// <summary>Levels before a tick.</summary>
    private readonly int RankOf(int tick)
    {
        int last = tick / WordBits;
        int rank = BitOperations.PopCount(_words[last] & ((1UL << tick) - 1));
        for (int word = _best / WordBits; word < last; word++)
        {
            rank += BitOperations.PopCount(_words[word]);
        }

        return rank;
    }

    private void WriteSeen(int tick, long price, long lots, bool isNew)
    {
        if (isNew)
        {
            CutSeen(tick);
        }
        else
        {
            _seen[RankOf(tick)] = new PriceLevel(price, lots);
        }
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
                next = FirstTickFrom(word + 1);
                continue;
            }

            next = (word * WordBits) + BitOperations.TrailingZeroCount(bits);
            _seen[_seenCount++] = LevelAt(next);
            next++;
        }

        _seenNext = next;
    }
}
