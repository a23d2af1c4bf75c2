using FlowEngine.Market;

namespace FlowEngine.Feeds.Simulation;

/// <summary>
/// A venue made up from a seed: books that trade in bursts (each event makes the next likelier for a moment), market
/// orders that take levels, runs of forced orders, definitions every second, snapshots every few. Its packets are
/// normalised and say when they are due; the same options give the same bytes on any machine. Never allocates after
/// construction. One thread.
/// </summary>
public sealed class MarketSimulator : IPacketSource
{
    /// <summary>Most bytes of one packet; fits one Aeron frame of the default MTU.</summary>
    public const int MaxMessageLength = 1344;

    // Half of all events come by themselves; each event brings half another one on average, within its decay time.
    private const double OwnShare = 0.5;
    private const double ExcitedShare = 0.5;
    private const double DecayNs = 2_000_000;
    private const double NanosPerSecond = 1e9;
    private const int NanosPerTick = 100;
    private const int LevelsPerPiece = 64;
    private const int MinForcedOrders = 15;
    private const int MaxForcedOrders = 60;
    private const long CascadeNs = 5_000_000_000;
    private const long FixedOne = 1_000_000_000;

    private readonly SimulatorOptions _options;
    private readonly SimulatedMarket[] _markets;
    private readonly byte[] _payload = new byte[MaxMessageLength - VenueEnvelope.Overhead];
    private readonly int _totalWeight;
    private readonly double _ownRate;
    private readonly long _endNs;
    private readonly long _snapshotStepNs;
    private SimulatorRandom _random;
    private double _excitation;

    // When each sort of packet is due next, nanoseconds after the first.
    private double _nextEventNs;
    private double _nextLiquidationNs;
    private long _nextCascadeNs;
    private long _cascadeEndNs;
    private long _nextDefinitionNs;
    private long _nextTickerNs;
    private long _nextSnapshotNs;

    // The snapshot under way.
    private int _snapshotMarket;
    private int _snapshotLevel;
    private int _firstSnapshotsLeft;

    /// <summary>Builds the venue.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public MarketSimulator(SimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _random = new SimulatorRandom(options.Seed);
        _markets = new SimulatedMarket[options.Instruments];
        for (var i = 0; i < _markets.Length; i++)
        {
            _markets[i] = new SimulatedMarket(SimulatedContract.Catalogue[i], (ulong)(100 + i), ref _random);
            _totalWeight += _markets[i].Contract.Weight;
        }

        _ownRate = options.EventsPerSecond * OwnShare / NanosPerSecond;
        _endNs = options.Duration <= TimeSpan.Zero ? long.MaxValue : Nanos(options.Duration);
        _snapshotStepNs = Nanos(options.SnapshotInterval) / _markets.Length;
        _firstSnapshotsLeft = _markets.Length;
        // Excited from the start as in the long run, so that the rate needs no time to settle.
        _excitation = _ownRate * ExcitedShare / (1 - ExcitedShare);
        _nextTickerNs = Nanos(options.TickerInterval);
        _nextLiquidationNs = DrawLiquidationNs();
        _nextCascadeNs = options.FirstCascade <= TimeSpan.Zero ? long.MaxValue : Nanos(options.FirstCascade);
        DrawNextEvent();
    }

    /// <inheritdoc/>
    public int MaxPacketLength => MaxMessageLength;

    /// <summary>Instruments of the venue.</summary>
    public int InstrumentCount => _markets.Length;

    /// <summary>The venue's own book of an instrument, as of the last packet.</summary>
    public SimulatedBook BookOf(int index) => _markets[index].Book;

    /// <summary>The venue's id of an instrument.</summary>
    public ulong InstrumentIdOf(int index) => _markets[index].InstrumentId;

    /// <inheritdoc/>
    public int NextPacket(Span<byte> buffer, out long dueTimeOffsetNs)
    {
        long due = Math.Min(Math.Min(_nextDefinitionNs, _nextSnapshotNs), Math.Min(_nextTickerNs, (long)_nextEventNs));
        dueTimeOffsetNs = due;
        if (due >= _endNs)
        {
            return 0;
        }

        long timeNs = _options.StartTimeNs + due;
        var messages = new SimulatedMessages(_payload, timeNs);
        if (due == _nextDefinitionNs)
        {
            _nextDefinitionNs += Nanos(_options.DefinitionInterval);
            foreach (SimulatedMarket market in _markets)
            {
                messages.Definition(market);
            }
        }
        else if (due == _nextSnapshotNs)
        {
            WriteSnapshot(ref messages);
        }
        else if (due == _nextTickerNs)
        {
            WriteTickers(ref messages);
        }
        else
        {
            WriteEvent(ref messages);
        }

        return VenueEnvelope.Write(
            buffer, timeNs, FeedVenue.Simulator, port: 0, line: 0, FeedFormat.Normalised,
                _payload.AsSpan(0, messages.Length));
    }

    private void WriteEvent(ref SimulatedMessages messages)
    {
        if (_nextEventNs >= _nextLiquidationNs)
        {
            BeginLiquidation();
        }

        RunCascade((long)_nextEventNs);
        SimulatedMarket market = DrawMarket();
        market.Step(ref _random);
        messages.Step(market);
        _excitation += ExcitedShare / DecayNs;
        DrawNextEvent();
    }

    private void WriteTickers(ref SimulatedMessages messages)
    {
        _nextTickerNs += Nanos(_options.TickerInterval);
        foreach (SimulatedMarket market in _markets)
        {
            SimulatedContract contract = market.Contract;
            long quantum9 = Fixed9(contract.Quantum);
            long mark9 = market.TwiceMid * quantum9 / 2;
            long anchor9 = contract.AnchorTicks * contract.TickQuanta * quantum9;
            // The index lags behind the mark towards the anchor, and funding follows the difference.
            long index9 = mark9 - ((mark9 - anchor9) / 50);
            long premium9 = (long)((Int128)(mark9 - index9) * FixedOne / index9);
            messages.Ticker(market, mark9, index9, premium9 / 8);
        }
    }

    private void WriteSnapshot(ref SimulatedMessages messages)
    {
        SimulatedMarket market = _markets[_snapshotMarket];
        int all = market.Book.Bids.Count + market.Book.Asks.Count;
        int levels = Math.Min(LevelsPerPiece, all - _snapshotLevel);
        messages.Snapshot(market, _snapshotLevel, levels);
        _snapshotLevel += levels;
        if (_snapshotLevel < all)
        {
            // The next piece is due at once: nothing may happen to the book in between.
            return;
        }

        _snapshotLevel = 0;
        _snapshotMarket = (_snapshotMarket + 1) % _markets.Length;
        // At the start every book is told at once, from then on one after the other.
        _firstSnapshotsLeft--;
        _nextSnapshotNs += _firstSnapshotsLeft > 0 ? 0 : _snapshotStepNs;
    }

    private void BeginLiquidation()
    {
        _nextLiquidationNs += DrawLiquidationNs();
        int index = _random.NextInt(_markets.Length);
        // The first of the catalogue is a perpetual, so this ends.
        while (!_markets[index].Contract.IsPerpetual)
        {
            index = (index + 1) % _markets.Length;
        }

        Side side = _random.Chance(0.5) ? Side.Buy : Side.Sell;
        _markets[index].Liquidate(side, MinForcedOrders + _random.NextInt(MaxForcedOrders - MinForcedOrders));
    }

    // By the schedule, not by the dice: what is drawn before the first cascade does not depend on it.
    private void RunCascade(long nowNs)
    {
        SimulatedMarket market = _markets[0];
        if (nowNs >= _nextCascadeNs)
        {
            market.IsCascading = true;
            _cascadeEndNs = nowNs + CascadeNs;
            _nextCascadeNs += Nanos(_options.CascadeInterval);
        }
        else if (market.IsCascading && nowNs >= _cascadeEndNs)
        {
            market.IsCascading = false;
        }
    }

    private SimulatedMarket DrawMarket()
    {
        int ticket = _random.NextInt(_totalWeight);
        var index = 0;
        while (ticket >= _markets[index].Contract.Weight)
        {
            ticket -= _markets[index++].Contract.Weight;
        }

        return _markets[index];
    }

    // A self-exciting process by thinning: draw at the rate of now, which can only fall, and keep the draw with the
    // probability that the rate is still that high.
    private void DrawNextEvent()
    {
        double rate;
        do
        {
            rate = _ownRate + _excitation;
            double gapNs = _random.NextExponential() / rate;
            _nextEventNs += gapNs;
            _excitation *= SimulatorRandom.Decay(gapNs / DecayNs);
        }
        while (_random.NextDouble() * rate > _ownRate + _excitation);
    }

    private double DrawLiquidationNs() => _options.LiquidationInterval <= TimeSpan.Zero
        ? double.PositiveInfinity
        : _random.NextExponential() * Nanos(_options.LiquidationInterval);

    private static long Nanos(TimeSpan interval) => interval.Ticks * NanosPerTick;

    // The catalogue's quanta are whole billionths.
    private static long Fixed9(DecimalScale scale)
    {
        long value = scale.Mantissa;
        for (var i = -9; i < scale.Exponent; i++)
        {
            value *= 10;
        }

        return value;
    }
}
