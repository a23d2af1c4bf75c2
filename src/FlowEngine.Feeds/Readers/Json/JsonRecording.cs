using System.Runtime.InteropServices;
using System.Text.Json;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>A recording of an exchange's websocket: one message a line. What a line cannot be is refused.</summary>
internal abstract class JsonRecording : FileReader
{
    private readonly LineReader _lines;
    private readonly List<RunLevel> _levels = [];

    /// <summary>A recording that owns the stream.</summary>
    private protected JsonRecording(string path, Stream stream, ushort venue)
        : base(path, venue) => _lines = new LineReader(stream);

    /// <inheritdoc/>
    public override string Place => _lines.Place;

    /// <summary>Levels of the message under way.</summary>
    private protected List<RunLevel> LevelList => _levels;

    private protected ReadOnlySpan<RunLevel> Levels => CollectionsMarshal.AsSpan(_levels);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lines.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        if (!_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (line.IsEmpty)
        {
            return true;
        }

        Statistics.Records++;
        try
        {
            string? fault = ReadLine(line);
            if (fault is not null)
            {
                Statistics.Refuse(Place, fault);
            }
        }
        catch (JsonException exception)
        {
            Statistics.Refuse(Place, $"no JSON ({exception.Message})");
        }
        catch (InvalidOperationException exception)
        {
            // What the base library says of strings that are no valid UTF-8.
            Statistics.Refuse(Place, $"no text ({exception.Message})");
        }

        return true;
    }

    /// <summary>Reads one line into the run.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    private protected abstract string? ReadLine(ReadOnlySpan<byte> line);

    /// <summary>Parses one value that takes the whole line.</summary>
    private protected static JsonDocument Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonDocument.ParseValue(ref reader);
    }

    /// <summary>Adds levels, each an array that begins with price and size.</summary>
    /// <returns>False when one of them is no such array, or off the grid.</returns>
    private protected bool TryAddLevels(JsonElement levels, Side side, int priceDigits, int lotDigits)
    {
        for (var i = 0; i < levels.Length(); i++)
        {
            JsonElement level = levels[i];
            if (!level.Item(0).TryDecimal(priceDigits, out long price)
                || !level.Item(1).TryDecimal(lotDigits, out long lots) || lots < 0)
            {
                return false;
            }

            _levels.Add(new RunLevel(side, price, lots));
        }

        return true;
    }
}
