using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// What stands in for parts that a capture lacks: definitions of instruments that it does not define, and the word that
/// a book of which it has no snapshot is to be taken for empty at its start. Runs of <c>market-data.xml</c> messages.
/// Ingress thread.
/// </summary>
internal sealed class CmeAssumed
{
    private const int QuantumDigits = 9;

    private readonly CmeInstruments _instruments;
    private readonly FeedCounters _counters;
    private readonly CmeOutput _output;

    public CmeAssumed(CmeInstruments instruments, FeedCounters counters, CmeOutput output)
    {
        _instruments = instruments;
        _counters = counters;
        _output = output;
    }

    /// <summary>Takes one run.</summary>
    public void Decode<TSink>(ReadOnlySpan<byte> run, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        while (!run.IsEmpty)
        {
            int length;
            if (Wire.InstrumentDefinitionReader.TryWrap(run, out var definition))
            {
                length = definition.EncodedLength;
                Define(definition, run[..length], ref sink);
            }
            else if (Wire.SessionResetReader.TryWrap(run, out var reset))
            {
                length = reset.EncodedLength;
                if (_instruments.TryFind((int)reset.InstrumentId, out int id))
                {
                    _instruments.Reset(id, isEmpty: true, reset.VenueTime, ref sink);
                }
            }
            else
            {
                _counters.CountDamage(DamageReason.UnknownTemplate, run);
                return;
            }

            run = run[length..];
        }
    }

    private void Define<TSink>(
        in Wire.InstrumentDefinitionReader definition, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        Wire.DecimalScaleReader quantum = definition.PriceQuantum;
        int digits = quantum.Exponent + QuantumDigits;
        bool isSound = definition.InstrumentId <= uint.MaxValue && quantum.Mantissa == 1 && digits is >= 0 and <= 9
            && definition.TickQuanta is > 0 and <= int.MaxValue
            && !definition.Symbol.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);
        if (!isSound)
        {
            _counters.CountDamage(DamageReason.BadDefinition, message);
            return;
        }

        long quantumE9 = 1;
        for (var i = 0; i < digits; i++)
        {
            quantumE9 *= 10;
        }

        var instrument = new Instrument
        {
            Venue = FeedVenue.Cme,
            VenueInstrumentId = definition.InstrumentId,
            Symbol = Encoding.ASCII.GetString(definition.Symbol),
            PriceQuantum = new DecimalScale(1, quantum.Exponent),
            TickQuanta = (int)definition.TickQuanta,
            Lot = DecimalScale.One,
            FeedDepthLevels = Math.Clamp((int)definition.FeedDepthLevels, 1, CmeLadders.MaxDepth),
            DepthRule = DepthRule.AtOnce,
            Book = _instruments.Book,
            HasImpliedBook = definition.HasImpliedBook == 1 && _instruments.Book == BookKind.PriceLevels,
        };
        CmeInstrument state = CmeInstruments.NewState(instrument, quantumE9, impliedDepth: 0);
        state.IsAssumed = true;
        _instruments.TryAdd(instrument, in state, message, out _, ref sink);
    }
}
