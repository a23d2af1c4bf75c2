namespace FlowEngine.Signals;

/// <summary>
/// What a signal set has beyond the touch, as constants that the JIT folds: code of a part that a set lacks is not
/// there, and neither is its memory.
/// </summary>
public interface ISignalSet
{
    /// <summary>The set's number on the wire.</summary>
    static abstract byte Version { get; }

    /// <summary>Whether it has flow by level, withdrawal, intensity, score, feedback and estimates.</summary>
    static abstract bool HasScore { get; }

    /// <summary>Whether it has the rest of the catalogue: <see cref="CatalogueSignals"/>.</summary>
    static abstract bool HasCatalogue { get; }
}
