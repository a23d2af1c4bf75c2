using System.Runtime.InteropServices;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>An instrument of a Tardis file, and the quote last written.</summary>
internal sealed class TardisInstrument
{
    private const int MaxDigits = 18;

    private readonly List<RunLevel> _quote = [];
    private readonly List<RunLevel> _changes = [];
    private bool _hasQuote;

    public TardisInstrument(string symbol, string key, int priceDigits, int lotDigits)
    {
        PriceDigits = Math.Min(priceDigits, MaxDigits);
        LotDigits = Math.Min(lotDigits, MaxDigits);
        Definition = new ReaderInstrument(FeedVenue.Other, symbol, key)
        {
            Quantum = new DecimalScale(1, (sbyte)-PriceDigits),
            Lot = new DecimalScale(1, (sbyte)-LotDigits),
            DepthLevels = 1,
        };
    }

    public int PriceDigits { get; }

    public int LotDigits { get; }

    public ReaderInstrument Definition { get; }

    /// <summary>Writes a quote: the first as a snapshot, others as what they change.</summary>
    public void Write(NormalisedRun run, long timeNs, ReadOnlySpan<RunLevel> quote)
    {
        _changes.Clear();
        foreach (RunLevel before in _quote)
        {
            if (!Holds(quote, before))
            {
                _changes.Add(before with { Lots = 0 });
            }
        }

        foreach (RunLevel level in quote)
        {
            if (!_quote.Contains(level))
            {
                _changes.Add(level);
            }
        }

        ulong previous = _hasQuote ? Definition.Sequence : (ulong)run.CaptureTimeNs;
        if (!_hasQuote)
        {
            run.Snapshot(Definition, timeNs, previous, quote);
        }
        else if (_changes.Count > 0)
        {
            run.Levels(Definition, timeNs, previous + 1, previous, Wire.UpdateFlags.EndOfEvent,
                CollectionsMarshal.AsSpan(_changes));
        }

        _hasQuote = true;
        _quote.Clear();
        _quote.AddRange(quote);
    }

    private static bool Holds(ReadOnlySpan<RunLevel> quote, in RunLevel level)
    {
        foreach (RunLevel other in quote)
        {
            if (other.Side == level.Side && other.Price == level.Price)
            {
                return true;
            }
        }

        return false;
    }
}
