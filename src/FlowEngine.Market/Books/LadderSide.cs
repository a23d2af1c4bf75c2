using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// The levels of one side: a dense window of ticks around the touch (<see cref="TickWindow"/>), and behind it the
/// sparse rest, sorted (<see cref="PriceLevelSide"/>). All levels of the window are better than all of the rest.
/// <para>
/// The window follows the touch: a level better than its top, an emptied window and a touch that fell into its last
/// quarter move it, so that a quarter of it lies before the touch. Moving costs the levels in it, and happens at most
/// once per quarter window that the touch travels, unless someone quotes far off on purpose. The step of the window is
/// the instrument's tick; a price off that grid narrows it to their common divisor until <see cref="Clear"/>. Prices
/// beyond ±2^62 never come into a window: while the best one is such, all levels lie in the rest.
/// </para>
/// A side with a window of 0 ticks is the sorted rest alone. See <see cref="PriceLevelBook"/> for the invariants. The
/// memory belongs to the book; a default side holds nothing.
/// </summary>
internal unsafe struct LadderSide
{
    private readonly long _mask;
    private ulong _tick;
    private int _capacity;
    private TickWindow _window;
    private PriceLevelSide _rest;

    /// <summary>An empty side over <see cref="BytesFor"/> zeroed bytes.</summary>
    /// <param name="memory">On a cache line.</param>
    /// <param name="capacity">Most levels.</param>
    /// <param name="windowTicks">0 or a multiple of 64 up to <see cref="TickWindow.MaxTicks"/>.</param>
    /// <param name="side">Bid or ask.</param>
    public LadderSide(byte* memory, int capacity, int windowTicks, Side side)
    {
        _window = new TickWindow(memory, windowTicks, side);
        _rest = new PriceLevelSide((PriceLevel*)(memory + RestAt(capacity, windowTicks)), capacity, side);
        _capacity = capacity;
        _mask = side == Side.Bid ? 0 : -1;
        _tick = 1;
    }

    /// <summary>Levels held.</summary>
    public readonly int Count => _window.Count + _rest.Count;

    /// <summary>Levels held in the window: the best ones.</summary>
    public readonly int InWindow => _window.Count;

    /// <summary>Levels behind the window, worst to best.</summary>
    public readonly ReadOnlySpan<PriceLevel> Rest => _rest.Levels;

    /// <summary>Whether deeper levels than those held were left out since the last <see cref="Clear"/>.</summary>
    public readonly bool IsTruncated => _rest.IsTruncated;

    /// <summary>Price from which on nothing is known; only while <see cref="IsTruncated"/>.</summary>
    public readonly long HorizonPrice => _rest.HorizonPrice;

    /// <summary>Best level; the side must not be empty.</summary>
    [Hot]
    public readonly PriceLevel Best => _window.Count == 0 ? _rest.Best : _window.LevelAt(_window.BestTick);

    /// <summary>Price of the best level; the side must not be empty.</summary>
    [Hot]
    public readonly long BestPrice => _window.Count == 0 ? _rest.Best.Price : _window.PriceAt(_window.BestTick);

    /// <summary>Price of the worst level; the side must not be empty.</summary>
    public readonly long WorstPrice => _rest.Count != 0 ? _rest.Levels[0].Price : _window.PriceAt(_window.WorstTick);

    /// <summary>Bytes that such a side takes.</summary>
    public static long BytesFor(int capacity, int windowTicks) =>
        (RestAt(capacity, windowTicks) + ((long)PriceLevelSide.SlotsFor(capacity) * sizeof(PriceLevel)) + 63) & ~63L;

    /// <summary>Level of the window by rank, below <see cref="InWindow"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly PriceLevel Seen(int rank) => ref _window.Seen(rank);

    /// <summary>The best levels of the window, at most <see cref="InWindow"/> and at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<PriceLevel> SeenFirst(int levels)
    {
        _ = _window.Seen(levels - 1);
        return new(Unsafe.AsPointer(ref Unsafe.AsRef(in _window.Seen(0))), levels);
    }

    /// <summary>Lots up to and with each of four prices; see <see cref="TickWindow.TryLotsWithin"/>.</summary>
    /// <returns>False where they have to be added up: some lie behind the window.</returns>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryLotsWithin(Vector256<long> worst, out Vector256<long> lots) =>
        _window.TryLotsWithin(worst, out lots)
        && (_rest.Count == 0 || (_rest.Best.Price ^ _mask) < (worst[3] ^ _mask));

    /// <summary>The level at <paramref name="price"/> now holds <paramref name="lots"/>, more than 0.</summary>
    [Hot]
    public LevelChange Set(long price, long lots)
    {
        int tick = _window.TickOf(price);
        if (tick < 0)
        {
            return SetOutside(price, lots);
        }

        if ((Count >= _capacity || _rest.IsTruncated) && _window.LotsAt(tick) == 0)
        {
            return Insert(tick, price, lots);
        }

        _window.Write(tick, price, lots);
        return LevelChange.Changed;
    }

    /// <summary>
    /// The same for a level that is most likely there, as a sum of orders is: a branch that is guessed right costs less
    /// than the bitmaps.
    /// </summary>
    [Hot]
    public LevelChange SetSum(long price, long lots)
    {
        int tick = _window.TickOf(price);
        if (tick < 0 || _window.LotsAt(tick) == 0)
        {
            return Set(price, lots);
        }

        _window.SetLots(tick, price, lots);
        return LevelChange.Changed;
    }

    /// <summary>
    /// The level at <paramref name="price"/> changes by <paramref name="lots"/>; it goes at 0 or less.
    /// </summary>
    [Hot]
    public LevelChange Add(long price, long lots)
    {
        int tick = _window.TickOf(price);
        if (tick < 0)
        {
            return AddOutside(price, lots);
        }

        long held = _window.LotsAt(tick);
        if (held == 0)
        {
            return lots > 0 ? Insert(tick, price, lots) : Missing(price, lots);
        }

        if (lots > long.MaxValue - held)
        {
            return LevelChange.Refused;
        }

        long result = held + lots;
        if (result > 0)
        {
            _window.SetLots(tick, price, result);
            return LevelChange.Changed;
        }

        Remove(tick);
        return result == 0 ? LevelChange.Changed : LevelChange.NegativeResult;
    }

    /// <summary>The level at <paramref name="price"/> is gone.</summary>
    [Hot]
    public LevelChange Delete(long price)
    {
        int tick = _window.TickOf(price);
        if (tick < 0)
        {
            return _window.IsBehind(price) ? _rest.Delete(price) : Missing(price, 0);
        }

        if (_window.LotsAt(tick) == 0)
        {
            return Missing(price, 0);
        }

        Remove(tick);
        return LevelChange.Changed;
    }

    /// <summary>Lots at a price, 0 where no level is held. O(1) in the window, O(log levels) behind it.</summary>
    [Hot]
    public readonly long LotsAt(long price)
    {
        int tick = _window.TickOf(price);
        return tick >= 0 ? _window.LotsAt(tick) : _rest.LotsAt(price);
    }

    /// <summary>Drops the worst level, which may live on at the venue; the side must not be empty.</summary>
    public void DropWorst()
    {
        if (_rest.Count != 0)
        {
            _rest.PopWorst();
        }
        else
        {
            _window.TakeOut(_window.WorstTick);
        }
    }

    /// <summary>Empties the side; nothing is unknown any more.</summary>
    public void Clear()
    {
        _window.Clear();
        _rest.Clear();
    }

    /// <summary>The instrument's tick: the window's step from the next time it is laid.</summary>
    public void SetTick(int quanta)
    {
        _tick = quanta <= TickWindow.MaxStep ? (ulong)quanta : 1;
        if (_window.IsPlaced && Count != 0)
        {
            long bestKey = BestPrice ^ _mask;
            Move(bestKey, bestKey, _tick);
        }
    }

    /// <summary>
    /// From here the feed shows so many levels, a better one pushes the worst out, and what comes back is told again.
    /// </summary>
    public void LimitDepth(int levels)
    {
        _capacity = Math.Min(_capacity, levels);
        _rest.ExpectReturns();
    }

    /// <summary>Looks for what is wrong with the structure. O(ticks).</summary>
    /// <returns>What is wrong, or null.</returns>
    public readonly string? FindBroken()
    {
        if (_window.FindBroken() is { } broken)
        {
            return broken;
        }

        if (Count > _capacity)
        {
            return $"{Count} levels of at most {_capacity}";
        }

        if (_rest.Count != 0 && !_window.IsBehind(_rest.Best.Price))
        {
            return $"{_rest.Best.Price} lies in the rest but belongs before the end of the window";
        }

        return _window.IsPlaced && _window.Count == 0 && _rest.Count != 0 ? "the window is empty before levels" : null;
    }

    private static int RestAt(int capacity, int windowTicks) => TickWindow.BytesFor(windowTicks, capacity);

    private readonly LevelChange Missing(long price, long lots) =>
        _rest.IsBeyondHorizon(price) ? LevelChange.BeyondDepth
        : lots == 0 ? LevelChange.UnknownLevel
        : LevelChange.NegativeResult;

    private LevelChange Insert(int tick, long price, long lots)
    {
        if (_rest.IsBeyondHorizon(price))
        {
            return LevelChange.BeyondDepth;
        }

        var change = LevelChange.Changed;
        if (Count >= _capacity)
        {
            if (!MakeRoom(tick, price))
            {
                return LevelChange.BeyondDepth;
            }

            change = LevelChange.ChangedEvicting;
        }

        _window.Put(tick, lots);
        return change;
    }

    /// <summary>Drops the worst level for a new one; false when the new one is the worst.</summary>
    private bool MakeRoom(int tick, long price)
    {
        if (_rest.Count != 0)
        {
            _rest.CutAt(_rest.PopWorst().Price);
            return true;
        }

        int worst = _window.WorstTick;
        if (tick > worst)
        {
            _rest.CutAt(price);
            return false;
        }

        _rest.CutAt(_window.PriceAt(worst));
        _window.TakeOut(worst);
        return true;
    }

    private void Remove(int tick)
    {
        _window.TakeOut(tick);

        // Keep the touch out of the last quarter while there is something behind the window to see.
        if (_rest.Count != 0 && _window.IsTouchLate)
        {
            long bestKey = BestPrice ^ _mask;
            Move(bestKey, bestKey, _window.Step);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LevelChange SetOutside(long price, long lots)
    {
        if (_window.Ticks == 0 || (_window.IsBehind(price) && Count != 0))
        {
            _rest.SetRoom(_capacity - _window.Count);
            return _rest.Set(price, lots);
        }

        if (_rest.IsBeyondHorizon(price))
        {
            return LevelChange.BeyondDepth;
        }

        // The first level, a new best, or one off the grid.
        bool isFirst = Count == 0;
        long key = price ^ _mask;
        Move(isFirst ? key : Math.Max(key, BestPrice ^ _mask), key, isFirst ? _tick : _window.Step);
        int tick = _window.TickOf(price);
        if (tick >= 0)
        {
            return Insert(tick, price, lots);
        }

        _rest.SetRoom(_capacity - _window.Count);
        return _rest.Set(price, lots);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private LevelChange AddOutside(long price, long lots)
    {
        if (_window.IsBehind(price) && (Count != 0 || lots <= 0 || _window.Ticks == 0))
        {
            _rest.SetRoom(_capacity - _window.Count);
            return _rest.Add(price, lots);
        }

        return lots > 0 ? SetOutside(price, lots) : Missing(price, lots);
    }

    /// <summary>Lays the window where the touch is: all levels go to the rest, those that belong come back.</summary>
    /// <param name="bestKey">Of the best level, or of the one that is to become it.</param>
    /// <param name="alsoKey">One more that must have a tick if it lies in the window.</param>
    /// <param name="step">Quanta a tick, as long as all levels in the window agree with it.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Move(long bestKey, long alsoKey, ulong step)
    {
        Spill();
        _window.Lift();
        if (bestKey is < -TickWindow.FarPrice or > TickWindow.FarPrice)
        {
            return;
        }

        while (true)
        {
            _window.Place(bestKey, step);
            ulong off = _window.Off(alsoKey ^ _mask);
            off = off != 0 ? off : Fill();
            if (off == 0)
            {
                return;
            }

            Spill();
            step = CommonDivisor(step, off);
        }
    }

    /// <summary>Takes what belongs into the window from the rest.</summary>
    /// <returns>0, or how far off its grid a level is.</returns>
    private ulong Fill()
    {
        while (_rest.Count != 0 && !_window.IsBehind(_rest.Best.Price))
        {
            ulong off = _window.Off(_rest.Best.Price);
            if (off != 0)
            {
                return off;
            }

            var level = _rest.PopBest();
            _window.Put(_window.TickOf(level.Price), level.Lots);
        }

        return 0;
    }

    /// <summary>Empties the window into the rest, worst first.</summary>
    private void Spill()
    {
        while (_window.Count != 0)
        {
            int tick = _window.WorstTick;
            _rest.PushBest(_window.LevelAt(tick));
            _window.TakeOut(tick);
        }
    }

    private static ulong CommonDivisor(ulong left, ulong right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
