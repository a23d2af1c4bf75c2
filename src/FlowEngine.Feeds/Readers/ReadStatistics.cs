namespace FlowEngine.Feeds.Readers;

/// <summary>What became of the records of a file so far. One thread.</summary>
public sealed class ReadStatistics
{
    /// <summary>Records read: rows, lines or messages, refused ones included.</summary>
    public long Records { get; internal set; }

    /// <summary>Records refused: each is left out, the rest of the file is read.</summary>
    public long Refused { get; private set; }

    /// <summary>Records that hold nothing for a book, a trade or an instrument.</summary>
    public long Skipped { get; internal set; }

    /// <summary>Changes and cancellations of orders that the file had not told of.</summary>
    public long UnknownOrders { get; internal set; }

    /// <summary>Where the first refused record is and why, one line; null while none was.</summary>
    public string? FirstRefusal { get; private set; }

    /// <summary>Whether the file could not be read to its end.</summary>
    public bool IsCutOff { get; internal set; }

    internal void Refuse(string place, string reason)
    {
        Refused++;
        FirstRefusal ??= $"{place}: {reason}";
    }
}
