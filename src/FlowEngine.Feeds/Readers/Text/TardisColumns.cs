using System.Text;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>What the rows of a Tardis file tell.</summary>
internal enum TardisKind
{
    /// <summary>A trade a row.</summary>
    Trades,

    /// <summary>Best bid and ask.</summary>
    Quotes,

    /// <summary>The best levels, whole.</summary>
    BookSnapshot,

    /// <summary>A changed level a row.</summary>
    IncrementalBook,

    /// <summary>Mark, index, funding, open interest.</summary>
    DerivativeTicker,

    /// <summary>A forced order a row; only the file's name tells it from trades.</summary>
    Liquidations,
}

/// <summary>Where the columns of a Tardis file are.</summary>
internal sealed class TardisColumns
{
    /// <summary>The first field that is not common to all kinds.</summary>
    public const int FirstOwn = 4;

    private const int MaxDepth = 200;

    private static readonly string[] s_common = ["exchange", "symbol", "timestamp", "local_timestamp"];

    private static readonly (TardisKind Kind, string[] Names)[] s_kinds =
    [
        (TardisKind.IncrementalBook, ["price", "amount", "side", "is_snapshot"]),
        (TardisKind.Trades, ["price", "amount", "side", "id"]),
        (TardisKind.Quotes, ["bid_price", "bid_amount", "ask_price", "ask_amount"]),
        (TardisKind.DerivativeTicker, ["mark_price", "open_interest", "index_price", "funding_rate"]),
    ];

    private readonly int[] _columns;

    private TardisColumns(TardisKind kind, int depth, int[] columns, int count)
    {
        Kind = kind;
        Depth = depth;
        _columns = columns;
        Count = count;
    }

    /// <summary>What a row tells.</summary>
    public TardisKind Kind { get; }

    /// <summary>Levels a side that a row shows; 0 where it shows no whole book.</summary>
    public int Depth { get; }

    /// <summary>Columns of the file.</summary>
    public int Count { get; }

    /// <summary>Reads the first line of a file; null where its columns are others.</summary>
    /// <param name="header">The line.</param>
    /// <param name="isLiquidations">Whether the file's name says so: their columns are those of trades.</param>
    public static TardisColumns? TryParse(ReadOnlySpan<byte> header, bool isLiquidations)
    {
        string[] names = Encoding.UTF8.GetString(header).Split(',');
        foreach ((TardisKind kind, string[] own) in s_kinds)
        {
            if (TryFind(names, own) is { } columns)
            {
                bool isForced = kind == TardisKind.Trades && isLiquidations;
                return new TardisColumns(isForced ? TardisKind.Liquidations : kind, kind == TardisKind.Quotes ? 1 : 0,
                    columns, names.Length);
            }
        }

        int depth = 0;
        while (depth < MaxDepth && names.Contains($"asks[{depth}].price"))
        {
            depth++;
        }

        string[] levels =
        [
            .. Enumerable.Range(0, depth).SelectMany(rank => (string[])
                [$"bids[{rank}].price", $"bids[{rank}].amount", $"asks[{rank}].price", $"asks[{rank}].amount"]),
        ];
        return depth > 0 && TryFind(names, levels) is { } found
            ? new TardisColumns(TardisKind.BookSnapshot, depth, found, names.Length)
            : null;
    }

    /// <summary>Takes a row apart.</summary>
    /// <param name="line">The row.</param>
    /// <param name="cells">Room for <see cref="Count"/> cells.</param>
    /// <param name="row">The row's fields.</param>
    /// <returns>False when it has another number of fields.</returns>
    public bool TryRead(ReadOnlySpan<byte> line, Span<Range> cells, out TardisRow row)
    {
        int start = 0;
        for (var i = 0; i < Count; i++)
        {
            int comma = line[start..].IndexOf((byte)',');
            if (comma < 0 != (i == Count - 1))
            {
                row = default;
                return false;
            }

            int end = comma < 0 ? line.Length : start + comma;
            cells[i] = start..end;
            start = end + 1;
        }

        row = new TardisRow(line, cells, _columns);
        return true;
    }

    private static int[]? TryFind(string[] names, string[] own)
    {
        int[] columns = [.. s_common.Concat(own).Select(wanted => Array.IndexOf(names, wanted))];
        return columns.Contains(-1) ? null : columns;
    }
}

/// <summary>A row's fields, in the order of its kind's names.</summary>
internal readonly ref struct TardisRow
{
    private readonly ReadOnlySpan<byte> _line;
    private readonly ReadOnlySpan<Range> _cells;
    private readonly int[] _columns;

    public TardisRow(ReadOnlySpan<byte> line, ReadOnlySpan<Range> cells, int[] columns)
    {
        _line = line;
        _cells = cells;
        _columns = columns;
    }

    public ReadOnlySpan<byte> Exchange => this[0];

    public ReadOnlySpan<byte> Symbol => this[1];

    public ReadOnlySpan<byte> Time => this[2];

    public ReadOnlySpan<byte> LocalTime => this[3];

    /// <summary>Fields in all.</summary>
    public int Length => _columns.Length;

    /// <summary>A field.</summary>
    public ReadOnlySpan<byte> this[int field] => _line[_cells[_columns[field]]];
}
