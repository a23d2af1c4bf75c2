using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Evaluate;

/// <summary>Reads one file, or the quotes and trades of one day, and keeps the series of each instrument.</summary>
internal sealed class EvaluateRun : IMarketListener, IDisposable
{
    private readonly MarketStream _stream;
    private readonly EvaluateOptions _options;
    private readonly SortedDictionary<int, (InstrumentSeries Series, InstrumentBook Book)> _series = [];
    private readonly LiquidationStudy _liquidations;
    private readonly MarketStream? _beside;
    private SessionPlan? _plan;
    private long _newestNs;

    /// <summary>Opens the file.</summary>
    public EvaluateRun(IReadOnlyList<string> paths, Func<string, FileReader> open, EvaluateOptions options)
    {
        _options = options;
        var isTable = paths.Count == 2 && FilePairs.IsTable(paths[0]);
        _stream = new MarketStream(isTable ? [paths[0]] : paths, open);
        _beside = isTable ? new MarketStream([paths[1]], open) : null;
        _liquidations = new LiquidationStudy(options);
    }

    /// <summary>The session; null before the first event.</summary>
    public SessionPlan? Plan => _plan;

    /// <summary>The instruments that had book events or trades.</summary>
    public IEnumerable<InstrumentSeries> Series => _series.Values
        .Select(pair => pair.Series)
        .Where(series => series.Trades > 0 || series.HasBook);

    /// <summary>Reads to the end.</summary>
    public EvaluatedFile Run(StopSignal stop, Action<FileReader, long> progress)
    {
        _stream.Run(this, stop, progress);
        _beside?.Run(_liquidations, stop, progress);
        foreach (var (series, book) in _series.Values)
        {
            series.End(book, _plan!.IntervalOf(_newestNs));
        }

        var liquidations = _liquidations.Read();
        return new EvaluatedFile(
            _stream.Path,
            InputFormats.NameOf(_stream.Format),
            _stream.Statistics.Refused,
            [.. Series.Where(series => _options.Symbol is not null || liquidations is null || series.HasBook)
                .Select(series => Scorecard.Of(series, _plan!, _options))],
            liquidations);
    }

    /// <inheritdoc/>
    public bool Before(in MarketEvent e, Instrument instrument, InstrumentBook book)
    {
        if (IsTimed(in e) && IsWanted(in e, instrument))
        {
            _newestNs = Math.Max(_newestNs, e.VenueTime);
            SeriesOf(in e, instrument, book).Advance(book, e.VenueTime);
        }

        return _liquidations.Before(in e, instrument, book);
    }

    /// <inheritdoc/>
    public void After(in MarketEvent e, InstrumentBook book, BookChange change)
    {
        if (_series.TryGetValue(e.InstrumentId, out var pair)
            && (_plan!.IntervalOf(e.VenueTime) < _plan.Intervals) && e.VenueTime < _options.ToNs)
        {
            pair.Series.Take(in e, book, change);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _beside?.Dispose();
    }

    private static bool IsTimed(in MarketEvent e) => e.VenueTime > 0 && e.Kind != EventKind.InstrumentDefined;

    // Books are built from the file's start, and measured from the moment on that was asked for.
    private bool IsWanted(in MarketEvent e, Instrument instrument) =>
        e.VenueTime >= _options.FromNs && e.VenueTime < _options.ToNs
        && (_options.Symbol is null || instrument.Symbol == _options.Symbol);

    private InstrumentSeries SeriesOf(in MarketEvent e, Instrument instrument, InstrumentBook book)
    {
        _plan ??= SessionPlan.Of(
            _stream.Format,
            _options.FromNs > 0 ? _options.FromNs : e.VenueTime,
            _options.IntervalNs,
            _options.WindowNs);
        if (!_series.TryGetValue(e.InstrumentId, out var pair))
        {
            pair = (new InstrumentSeries(instrument, _plan), book);
            _series.Add(e.InstrumentId, pair);
        }

        return pair.Series;
    }
}
