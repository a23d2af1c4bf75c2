using System.Text;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>Where the columns of a Tardis file are.</summary>
internal sealed class TardisColumns
{
    private static readonly string[] s_trades =
        ["exchange", "symbol", "timestamp", "local_timestamp", "price", "amount", "side", "id"];

    private static readonly string[] s_quotes =
    [
        "exchange", "symbol", "timestamp", "local_timestamp", "bid_price", "bid_amount", "ask_price", "ask_amount",
    ];

    private readonly int[] _fields;

    private TardisColumns(int[] fields, bool isTrades)
    {
        _fields = fields;
        IsTrades = isTrades;
    }

    /// <summary>Whether rows are trades, else quotes.</summary>
    public bool IsTrades { get; }

    /// <summary>Reads the first line of a file; null where its columns are others.</summary>
    public static TardisColumns? TryParse(ReadOnlySpan<byte> header)
    {
        string[] names = Encoding.UTF8.GetString(header).Split(',');
        foreach (string[] wanted in (ReadOnlySpan<string[]>)[s_trades, s_quotes])
        {
            if (wanted.All(names.Contains))
            {
                return new TardisColumns(
                    [.. names.Select(name => Array.IndexOf(wanted, name))], ReferenceEquals(wanted, s_trades));
            }
        }

        return null;
    }

    /// <summary>Takes a row apart.</summary>
    /// <returns>False when it has another number of fields.</returns>
    public bool TryRead(ReadOnlySpan<byte> line, out TardisRow row)
    {
        row = default;
        var fields = new CsvFields(line);
        for (var i = 0; i < _fields.Length; i++)
        {
            if (fields.IsAtEnd)
            {
                return false;
            }

            ReadOnlySpan<byte> field = fields.Next();
            switch (_fields[i])
            {
                case 0:
                    row.Exchange = field;
                    break;
                case 1:
                    row.Symbol = field;
                    break;
                case 2:
                    row.Time = field;
                    break;
                case 3:
                    row.LocalTime = field;
                    break;
                case 4:
                    row.Price = field;
                    break;
                case 5:
                    row.Lots = field;
                    break;
                case 6 when IsTrades:
                    row.Side = field;
                    break;
                case 6:
                    row.AskPrice = field;
                    break;
                case 7 when IsTrades:
                    row.Id = field;
                    break;
                case 7:
                    row.AskLots = field;
                    break;
                default:
                    break;
            }
        }

        return fields.IsAtEnd;
    }
}

/// <summary>A row's fields; price and lots are the trade's, or the bid's.</summary>
internal ref struct TardisRow
{
    public ReadOnlySpan<byte> Exchange;
    public ReadOnlySpan<byte> Symbol;
    public ReadOnlySpan<byte> Time;
    public ReadOnlySpan<byte> LocalTime;
    public ReadOnlySpan<byte> Price;
    public ReadOnlySpan<byte> Lots;
    public ReadOnlySpan<byte> Side;
    public ReadOnlySpan<byte> Id;
    public ReadOnlySpan<byte> AskPrice;
    public ReadOnlySpan<byte> AskLots;
}
