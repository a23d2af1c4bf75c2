using FlowEngine.Cli.Frame;
using FlowEngine.Engine;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Explain;

/// <summary>Replays a file to one event and tells what went into what was published for it.</summary>
internal sealed class ExplainRun
{
    private readonly string _path;
    private readonly Func<string, FileReader> _open;
    private readonly EngineOptions _options;
    private readonly StopSignal _stop;

    /// <summary>Runs of one file.</summary>
    public ExplainRun(string path, Func<string, FileReader> open, EngineOptions options, StopSignal stop)
    {
        _path = path;
        _open = open;
        _options = options;
        _stop = stop;
    }

    /// <summary>The last event up to a time for which the instrument has values.</summary>
    /// <param name="timeNs">Venue time.</param>
    /// <param name="symbol">The instrument; null: the file's first.</param>
    /// <exception cref="UserError">There is none.</exception>
    public (long Sequence, string Symbol) Find(long timeNs, string? symbol)
    {
        var tap = new MomentTap(timeNs, symbol);
        using var replay = new TappedReplay([_path], _open, _options, tap);
        tap.Watch(replay.Pipeline.State);
        replay.Run(() => tap.IsDone, _stop);
        return tap is { Symbol: { } found, Sequence: >= 0 }
            ? (tap.Sequence, found)
            : throw new UserError(tap.Symbol is null
                ? $"{_path}: no instrument '{symbol}' in it: see 'flowengine replay {_path}'"
                : $"{_path}: nothing was published for {tap.Symbol} up to that time: use a later --at");
    }

    /// <summary>What went into the values of an event.</summary>
    /// <exception cref="UserError">It has none; the message names the nearest that have.</exception>
    public ExplainResult Explain(long sequence, string? symbol)
    {
        var tap = new ExplainTap(sequence, symbol, SignalSchema.Load());
        using var replay = new TappedReplay([_path], _open, _options, tap);
        tap.Watch(replay.Pipeline.State);
        replay.Run(() => tap.IsDone, _stop);
        return tap.Published.Count > 0
            ? tap.Result(replay.Identity.ParameterHash.ToString("x16"))
            : throw Nothing(tap, replay, sequence, symbol);
    }

    private UserError Nothing(ExplainTap tap, TappedReplay replay, long sequence, string? symbol)
    {
        if (tap.LastSequence < sequence)
        {
            return new UserError($"{_path}: has no event {sequence}, only 0 to {tap.LastSequence}");
        }

        if (tap.InstrumentId < 0)
        {
            return new UserError(symbol is null
                ? $"{_path}: event {sequence} is a {tap.Kind} of no instrument, and nothing was published for it: "
                    + "name an instrument with --symbol to see the nearest events that have values"
                : $"{_path}: no instrument '{symbol}' up to event {sequence}");
        }

        long[] known = [.. new[] { tap.Before, tap.After }.Where(found => found >= 0)];
        var nearest = known switch
        {
            [] => "none of the file has any",
            [var only] => $"the nearest that has is {only}",
            _ => $"the nearest that have are {string.Join(" and ", known)}",
        };
        return new UserError(
            $"{_path}: nothing was published of {replay.Pipeline.State.Table[tap.InstrumentId].Symbol} for event "
            + $"{sequence} ({tap.Kind}): {nearest}");
    }
}
