namespace FlowEngine.Cli.Verify;

/// <summary>How many of one kind of comparison came out how.</summary>
internal sealed class VerifyTally
{
    /// <summary>Comparisons that came out equal.</summary>
    public long Equal { get; private set; }

    /// <summary>Comparisons that came out different.</summary>
    public long Different { get; private set; }

    /// <summary>Pieces of truth that nothing could be held against.</summary>
    public long NotComparable { get; private set; }

    /// <summary>Equal rows in which a level came from beyond the view.</summary>
    public long Entered { get; set; }

    /// <summary>Where the first difference is, and what differs.</summary>
    public string? FirstDifference { get; private set; }

    /// <summary>Whether there was anything of this kind.</summary>
    public bool HasAny => Equal + Different + NotComparable > 0;

    /// <summary>Counts a comparison that came out equal.</summary>
    public void CountEqual(long count = 1) => Equal += count;

    /// <summary>Counts what could not be compared.</summary>
    public void CountNotComparable(long count = 1) => NotComparable += count;

    /// <summary>Counts a difference.</summary>
    public void CountDifferent(string place, string what)
    {
        Different++;
        FirstDifference ??= $"{place}: {what}";
    }

    /// <summary>The result for JSON; null where there was nothing of this kind.</summary>
    public VerifyKind? ToKind(bool hasEntered = false) => HasAny
        ? new VerifyKind(Equal + Different, Equal, Different, NotComparable, FirstDifference,
            hasEntered ? Entered : null)
        : null;
}
