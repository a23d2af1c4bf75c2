using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FlowEngine.Feeds.Readers.Databento;

/// <summary>
/// What stands before the records of a DBN file.
/// <code>
/// 0     3         4        8          24       26             100 bytes of fixed fields          lists
/// +-----+---------+--------+----------+--------+-----------------------------------+-----------------------+
/// | DBN | version | length | dataset  | schema | ... ts_out, symbol length (v2) ...| symbols ... mappings  |
/// +-----+---------+--------+----------+--------+-----------------------------------+-----------------------+
/// </code>
/// </summary>
internal sealed class DbnMetadata
{
    /// <summary>Bytes before the length that the file names.</summary>
    public const int PrefixLength = 8;

    /// <summary>Most bytes that are believed.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private const int FixedLength = 100;
    private const int DatasetLength = 16;
    private const int OldSymbolLength = 22;
    private const int MaxVersion = 3;

    private readonly Dictionary<uint, string> _symbols = [];

    private DbnMetadata()
    {
    }

    /// <summary>What is known of records alone: nothing.</summary>
    public static DbnMetadata None { get; } = new();

    /// <summary>DBN version, 1 to 3; 0 where there are no metadata.</summary>
    public int Version { get; private init; }

    /// <summary>Databento's name of the source.</summary>
    public string Dataset { get; private init; } = "";

    /// <summary>Whether each record has its time of sending behind it.</summary>
    public bool HasTimeOut { get; private init; }

    /// <summary>Bytes of the whole metadata, prefix included; 0 where these are not DBN's.</summary>
    public static int LengthOf(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < PrefixLength || !prefix.StartsWith("DBN"u8) || prefix[3] is 0 or > MaxVersion)
        {
            return 0;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(prefix[4..]);
        return length is >= FixedLength and <= MaxLength ? PrefixLength + (int)length : 0;
    }

    /// <summary>Reads the metadata; lists that end too early are read as far as they go.</summary>
    public static DbnMetadata Parse(ReadOnlySpan<byte> whole)
    {
        int version = whole[3];
        ReadOnlySpan<byte> body = whole[PrefixLength..];
        int offset = DatasetLength + 2 + (3 * 8) + (version == 1 ? 8 : 0) + 2;
        int symbolLength = version == 1
            ? OldSymbolLength
            : BinaryPrimitives.ReadUInt16LittleEndian(body[(offset + 1)..]);
        var metadata = new DbnMetadata
        {
            Version = version,
            Dataset = Text(body[..DatasetLength]),
            HasTimeOut = body[offset] == 1,
        };
        metadata.ReadMappings(body[FixedLength..], symbolLength);
        return metadata;
    }

    /// <summary>The name of an instrument.</summary>
    public string SymbolOf(uint instrumentId) =>
        _symbols.TryGetValue(instrumentId, out string? symbol)
            ? symbol
            : instrumentId.ToString(CultureInfo.InvariantCulture);

    private void ReadMappings(ReadOnlySpan<byte> lists, int symbolLength)
    {
        const int Lists = 3;
        const int DatesLength = 8;
        if (!TrySkip(ref lists, 4))
        {
            return;
        }

        for (var list = 0; list < Lists; list++)
        {
            if (!TryCount(ref lists, out long names) || !TrySkip(ref lists, names * symbolLength))
            {
                return;
            }
        }

        TryCount(ref lists, out long mappings);
        for (; mappings > 0 && lists.Length >= symbolLength; mappings--)
        {
            string symbol = Text(lists[..symbolLength]);
            lists = lists[symbolLength..];
            if (!TryCount(ref lists, out long intervals))
            {
                return;
            }

            for (; intervals > 0 && lists.Length >= DatesLength + symbolLength; intervals--)
            {
                string id = Text(lists.Slice(DatesLength, symbolLength));
                lists = lists[(DatesLength + symbolLength)..];
                if (uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out uint instrumentId))
                {
                    _symbols[instrumentId] = symbol;
                }
            }
        }
    }

    private static bool TryCount(ref ReadOnlySpan<byte> lists, out long count)
    {
        count = lists.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(lists) : 0;
        return TrySkip(ref lists, sizeof(uint));
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> lists, long length)
    {
        if (length > lists.Length)
        {
            lists = default;
            return false;
        }

        lists = lists[(int)length..];
        return true;
    }

    private static string Text(ReadOnlySpan<byte> padded)
    {
        int end = padded.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? padded : padded[..end]);
    }
}
