using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>An instrument of a Tardis file, and the book last shown.</summary>
internal sealed class TardisInstrument
{
    private const int MaxDigits = 18;

    public TardisInstrument(string symbol, string key, int priceDigits, int lotDigits, int depth)
    {
        PriceDigits = Math.Min(priceDigits, MaxDigits);
        LotDigits = Math.Min(lotDigits, MaxDigits);
        Definition = new ReaderInstrument(FeedVenue.Other, symbol, key)
        {
            Quantum = new DecimalScale(1, (sbyte)-PriceDigits),
            Lot = new DecimalScale(1, (sbyte)-LotDigits),
            DepthLevels = depth,
        };
        Picture = new BookPicture(Definition);
    }

    public int PriceDigits { get; }

    public int LotDigits { get; }

    public ReaderInstrument Definition { get; }

    /// <summary>Where rows show the whole book.</summary>
    public BookPicture Picture { get; }
}
