using System.Text;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers;

/// <summary>An instrument of a file: what its integers are worth, and where its sequence stands.</summary>
internal sealed class ReaderInstrument
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>An instrument.</summary>
    /// <param name="venue">One of <see cref="FeedVenue"/>.</param>
    /// <param name="symbol">The venue's name for it.</param>
    /// <param name="key">What makes it unique where names are not.</param>
    public ReaderInstrument(ushort venue, string symbol, string? key = null)
    {
        Venue = venue;
        Symbol = symbol.Length > 64 ? symbol[..64] : symbol;
        Id = IdOf(venue, Encoding.UTF8.GetBytes(key ?? symbol));
    }

    /// <summary>The same in every file of this venue and symbol.</summary>
    public ulong Id { get; }

    public ushort Venue { get; }

    public string Symbol { get; }

    public DecimalScale Quantum { get; init; } = DecimalScale.One;

    public DecimalScale Lot { get; init; } = DecimalScale.One;

    public DecimalScale Multiplier { get; init; } = DecimalScale.One;

    public int TickQuanta { get; init; } = 1;

    public ContractKind Contract { get; init; }

    public BookKind Book { get; init; }

    public int DepthLevels { get; init; }

    public DepthRule DepthRule { get; init; }

    /// <summary>The newest book change written; 0 before any.</summary>
    public ulong Sequence { get; set; }

    /// <summary>An id of its own for every venue and symbol.</summary>
    public static ulong IdOf(ushort venue, ReadOnlySpan<byte> symbol)
    {
        ulong hash = (FnvOffset ^ venue) * FnvPrime;
        foreach (byte letter in symbol)
        {
            hash = (hash ^ letter) * FnvPrime;
        }

        return hash;
    }
}
