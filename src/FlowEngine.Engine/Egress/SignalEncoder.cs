using System.Text;
using FlowEngine.Core;
using FlowEngine.Market;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Signal values to SBE. Each call writes a whole message; epoch, receive and publish stamps and the conflated count
/// stay 0 for the digest and are stamped afterwards. Engine thread only.
/// </summary>
public sealed class SignalEncoder
{
    private readonly EngineState _state;
    private readonly EngineIdentity _identity;

    /// <summary>An encoder of the state's values.</summary>
    public SignalEncoder(EngineState state, EngineIdentity identity)
    {
        _state = state;
        _identity = identity;
    }

    /// <summary>Template topOfBook.</summary>
    [Hot]
    public void TopOfBook(Span<byte> buffer, int instrumentId, bool timed)
    {
        var signals = _state.SignalsOf(instrumentId);
        ref readonly var touch = ref signals.Touch;
        var writer = new TopOfBookWriter(buffer)
        {
            BidPrice = touch.BidPrice,
            BidLots = touch.BidLots,
            AskPrice = touch.AskPrice,
            AskLots = touch.AskLots,
            WeightedMid = touch.WeightedMid,
            LastTradePrice = touch.LastTradePrice,
            LastTradeLots = touch.LastTradeLots,
        };
        Provenance(writer.Provenance, instrumentId, signals.TouchValidity, timed);
    }

    /// <summary>Template pressure.</summary>
    [Hot]
    public void Pressure(Span<byte> buffer, int instrumentId, bool timed)
    {
        var signals = _state.SignalsOf(instrumentId);
        ref readonly var pressure = ref signals.Pressure;
        var writer = new PressureWriter(buffer)
        {
            Imbalance1 = pressure.Imbalance1,
            Imbalance3 = pressure.Imbalance3,
            Imbalance5 = pressure.Imbalance5,
            Imbalance10 = pressure.Imbalance10,
            OfiEvent = pressure.OfiEvent,
            OfiSum = pressure.OfiSum,
            OfiDecayed = pressure.OfiDecayed,
            OfiNormalised = pressure.OfiNormalised,
            AverageDepth = pressure.AverageDepth,
            BuyLots = pressure.BuyLots,
            SellLots = pressure.SellLots,
            TradeImbalance = pressure.TradeImbalance,
            CumulativeVolumeDelta = pressure.CumulativeVolumeDelta,
            TradeCount = pressure.TradeCount,
            InferredCount = pressure.InferredCount,
            UpTickLots = pressure.UpTickLots,
            DownTickLots = pressure.DownTickLots,
            DownTickShare = pressure.DownTickShare,
            SignSource = (SignSource)(byte)pressure.SignSource,
        };
        for (var band = 0; band < PressureReader.BandImbalanceLength; band++)
        {
            writer.SetBandImbalance(band, pressure.BandImbalance[band]);
        }

        Provenance(writer.Provenance, instrumentId, signals.PressureValidity, timed);
    }

    /// <summary>Template impact.</summary>
    [Hot]
    public void Impact(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.SignalsOf(instrumentId);
        ref readonly var impact = ref signals.Impact;
        var writer = new ImpactWriter(buffer);
        for (var size = 0; size < ImpactReader.SizesLength; size++)
        {
            writer.SetSizes(size, impact.Sizes[size]);
            writer.SetSellFilled(size, impact.SellFilled[size]);
            writer.SetSellVwap(size, impact.SellVwap[size]);
            writer.SetSellSlippage(size, impact.SellSlippage[size]);
            writer.SetSellSlippageBps(size, impact.SellSlippageBps[size]);
            writer.SetSellWorst(size, impact.SellWorst[size]);
            writer.SetBuyFilled(size, impact.BuyFilled[size]);
            writer.SetBuyVwap(size, impact.BuyVwap[size]);
            writer.SetBuySlippage(size, impact.BuySlippage[size]);
            writer.SetBuySlippageBps(size, impact.BuySlippageBps[size]);
            writer.SetBuyWorst(size, impact.BuyWorst[size]);
        }

        Provenance(writer.Provenance, instrumentId, signals.ImpactValidity, timed: true);
    }

    /// <summary>Template liquidity.</summary>
    [Hot]
    public void Liquidity(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.SignalsOf(instrumentId);
        ref readonly var liquidity = ref signals.Liquidity;
        var writer = new LiquidityWriter(buffer)
        {
            Spread = liquidity.Spread,
            SpreadBps = liquidity.SpreadBps,
            TimeWeightedSpread = liquidity.TimeWeightedSpread,
            BidRetreat = liquidity.BidRetreat,
            AskAdvance = liquidity.AskAdvance,
            BidAdvance = liquidity.BidAdvance,
            AskRetreat = liquidity.AskRetreat,
            DownStepShare = liquidity.DownStepShare,
            NarrowingBySellers = liquidity.NarrowingBySellers,
            BidLevels = liquidity.BidLevels,
            AskLevels = liquidity.AskLevels,
        };
        for (var band = 0; band < LiquidityReader.BidBandLotsLength; band++)
        {
            writer.SetBidBandLots(band, liquidity.BidBandLots[band]);
            writer.SetAskBandLots(band, liquidity.AskBandLots[band]);
        }

        Provenance(writer.Provenance, instrumentId, signals.LiquidityValidity, timed: true);
    }

    /// <summary>Template cascade.</summary>
    [Hot]
    public void Cascade(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.SignalsOf(instrumentId);
        ref readonly var cascade = ref signals.Cascade;
        var writer = new CascadeWriter(buffer)
        {
            LiquidatedLongLots = cascade.LiquidatedLongLots,
            LiquidatedShortLots = cascade.LiquidatedShortLots,
            Liquidations = cascade.Liquidations,
            OpenInterest = cascade.OpenInterest,
            MarkPrice = cascade.MarkPrice,
            IndexPrice = cascade.IndexPrice,
            FundingRate = cascade.FundingRate,
            BasisBps = cascade.BasisBps,
        };
        Provenance(writer.Provenance, instrumentId, signals.CascadeValidity, timed: true);
    }

    /// <summary>Template depthFlow.</summary>
    [Hot]
    public void DepthFlow(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.SetOf(instrumentId);
        Provenance(
            SetEncoder.DepthFlow(buffer, signals.DepthFlow), instrumentId, signals.DepthFlowValidity, timed: false);
    }

    /// <summary>Template sellPressure.</summary>
    [Hot]
    public void SellPressure(Span<byte> buffer, int instrumentId, bool timed)
    {
        var signals = _state.SetOf(instrumentId);
        Provenance(SetEncoder.SellPressure(buffer, signals.Score), instrumentId, signals.ScoreValidity, timed);
    }

    /// <summary>Template feedback.</summary>
    [Hot]
    public void Feedback(Span<byte> buffer, int instrumentId, bool timed)
    {
        var signals = _state.SetOf(instrumentId);
        Provenance(SetEncoder.Feedback(buffer, signals.Feedback), instrumentId, signals.FeedbackValidity, timed);
    }

    /// <summary>Template estimates.</summary>
    [Hot]
    public void Estimates(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.SetOf(instrumentId);
        Provenance(
            SetEncoder.Estimates(buffer, signals.Estimates), instrumentId, signals.EstimateValidity, timed: true);
    }

    /// <summary>Template fairValue.</summary>
    [Hot]
    public void FairValue(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.FairValue(buffer, signals.FairValue),
            instrumentId,
            signals.FairValueValidity,
            timed: false);
    }

    /// <summary>Template bookShape.</summary>
    [Hot]
    public void BookShape(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.BookShape(buffer, signals.Shape), instrumentId, signals.ShapeValidity, timed: true);
    }

    /// <summary>Template resilience.</summary>
    [Hot]
    public void Resilience(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.Resilience(buffer, signals.Resilience),
            instrumentId,
            signals.ResilienceValidity,
            timed: true);
    }

    /// <summary>Template excitation.</summary>
    [Hot]
    public void Excitation(Span<byte> buffer, int instrumentId, bool timed)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.Excitation(buffer, signals.Excitation), instrumentId, signals.ExcitationValidity, timed);
    }

    /// <summary>Template activity.</summary>
    [Hot]
    public void Activity(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.Activity(buffer, signals.Activity), instrumentId, signals.ActivityValidity, timed: true);
    }

    /// <summary>Template priceImpact.</summary>
    [Hot]
    public void PriceImpact(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.PriceImpact(buffer, signals.PriceImpact),
            instrumentId,
            signals.PriceImpactValidity,
            timed: true);
    }

    /// <summary>Template leverage.</summary>
    [Hot]
    public void Leverage(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.Leverage(buffer, signals.Leverage), instrumentId, signals.LeverageValidity, timed: true);
    }

    /// <summary>Template loopGains.</summary>
    [Hot]
    public void LoopGains(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.LoopGains(buffer, signals.Loops), instrumentId, signals.LoopValidity, timed: true);
    }

    /// <summary>Template execution.</summary>
    [Hot]
    public void Execution(Span<byte> buffer, int instrumentId)
    {
        var signals = _state.CatalogueOf(instrumentId);
        Provenance(
            CatalogueEncoder.Execution(buffer, signals.Execution),
            instrumentId,
            signals.ExecutionValidity,
            timed: true);
    }

    /// <summary>Template instrumentDirectory.</summary>
    public ReadOnlySpan<byte> Directory(Span<byte> buffer, int instrumentId, ulong epoch)
    {
        var instrument = _state.Table[instrumentId];
        var writer = new InstrumentDirectoryWriter(buffer)
        {
            InstrumentId = (uint)instrumentId,
            TickQuanta = (uint)instrument.TickQuanta,
            Epoch = epoch,
            VenueInstrumentId = instrument.VenueInstrumentId,
            Venue = instrument.Venue,
            ContractKind = (Messages.Signals.ContractKind)(byte)instrument.Contract,
        };
        var quantum = writer.PriceQuantum;
        quantum.Mantissa = instrument.PriceQuantum.Mantissa;
        quantum.Exponent = instrument.PriceQuantum.Exponent;
        var lot = writer.Lot;
        lot.Mantissa = instrument.Lot.Mantissa;
        lot.Exponent = instrument.Lot.Exponent;
        var multiplier = writer.ContractMultiplier;
        multiplier.Mantissa = instrument.ContractMultiplier.Mantissa;
        multiplier.Exponent = instrument.ContractMultiplier.Exponent;

        Span<byte> symbol = stackalloc byte[InstrumentDirectoryReader.SymbolLength];
        var length = Math.Min(instrument.Symbol.Length, symbol.Length);
        Encoding.ASCII.GetBytes(instrument.Symbol.AsSpan(0, length), symbol);
        writer.SetSymbol(symbol[..length]);
        return buffer[..InstrumentDirectoryReader.EncodedFixedLength];
    }

    /// <summary>Template engineStatus.</summary>
    public ReadOnlySpan<byte> Status(Span<byte> buffer, StatusSource status, long publishTime)
    {
        _ = new EngineStatusWriter(buffer)
        {
            Epoch = _identity.Epoch,
            PublishTime = publishTime,
            ParameterHash = _identity.ParameterHash,
            Events = (ulong)status.Events,
            Evaluated = (ulong)status.Evaluated,
            Conflated = (ulong)status.Conflated,
            Gaps = (ulong)status.Gaps,
            Recoveries = (ulong)status.Recoveries,
            CrossedBooks = (ulong)status.CrossedBooks,
            Damaged = (ulong)status.Damaged,
            UnknownInstrument = (ulong)status.UnknownInstrument,
            RingFull = (ulong)status.RingFull,
            Instruments = (uint)status.Instruments,
            CompleteBooks = (uint)status.CompleteBooks,
        };
        return buffer[..EngineStatusReader.EncodedFixedLength];
    }

    [Hot]
    private void Provenance(ProvenanceWriter provenance, int instrumentId, ValidityFlags validity, bool timed)
    {
        ref var instrument = ref _state.StateOf(instrumentId);
        var flags = validity | (instrument.Stale ? ValidityFlags.Stale : ValidityFlags.None);
        provenance.InstrumentId = (uint)instrumentId;
        provenance.Validity = (Validity)(uint)flags;
        provenance.Sequence = instrument.Sequence;
        provenance.EventSequence = (ulong)instrument.EventSequence;
        provenance.VenueSequence = _state.Books[instrumentId].VenueSequence;
        provenance.VenueTime = instrument.VenueTime;
        provenance.ParameterHash = _identity.ParameterHash;
        provenance.Delivery = timed ? Delivery.Timed : Delivery.None;
        provenance.SignalSet = _state.SetVersion;
    }
}
