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

    /// <summary>Records that repeat an earlier one, left out.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Where the first refused record is and why, one line; null while none was.</summary>
    public string? FirstRefusal { get; private set; }

    /// <summary>Whether the file could not be read to its end.</summary>
    public bool IsCutOff { get; internal set; }

    /// <summary>Becomes the sum of two files read as one.</summary>
    internal void Sum(ReadStatistics first, ReadStatistics second)
    {
        Records = first.Records + second.Records;
        Refused = first.Refused + second.Refused;
        Skipped = first.Skipped + second.Skipped;
        UnknownOrders = first.UnknownOrders + second.UnknownOrders;
        Duplicates = first.Duplicates + second.Duplicates;
        FirstRefusal = first.FirstRefusal ?? second.FirstRefusal;
        IsCutOff = first.IsCutOff || second.IsCutOff;
    }

    internal void Refuse(string place, string reason)
    {
        Refused++;
        FirstRefusal ??= $"{place}: {reason}";
    }
}
