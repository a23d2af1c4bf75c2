using FlowEngine.Cli.Frame;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// The events of one file, or of the quotes and trades of one day, with books rebuilt beside them. Books that stay
/// crossed are not given up: what a venue's rows say is what is measured.
/// </summary>
internal sealed class MarketStream : IDisposable
{
    private const int MaxLevels = 16_384;
    private const int BufferedEvents = 65_536;
    private const int ProgressInterval = 4096;

    private readonly InstrumentTable _instruments = new(FeedLimits.DefaultInstrumentCapacity);
    private readonly BookStore _books = new(
        FeedLimits.DefaultInstrumentCapacity,
        new BookOptions
        {
            LevelsPerSide = MaxLevels,
            BufferedEvents = BufferedEvents,
            CrossedEventsMax = int.MaxValue,
            CrossedMaxNs = long.MaxValue,
        });
    private readonly FileSource _source;
    private EventBatch _batch = new();

    /// <summary>Opens the file, or the pair.</summary>
    public MarketStream(IReadOnlyList<string> paths, Func<string, FileReader> open)
    {
        _source = new FileSource(paths, open);
        Path = paths[0];
        Format = _source.File.Format;
    }

    /// <summary>The file, the first of a pair.</summary>
    public string Path { get; }

    /// <summary>How it is written.</summary>
    public InputFormat Format { get; }

    /// <summary>Instruments seen so far.</summary>
    public InstrumentTable Instruments => _instruments;

    /// <summary>Records read and refused.</summary>
    public ReadStatistics Statistics => _source.File.Statistics;

    /// <summary>Reads on until the end, or until the listener has enough.</summary>
    /// <param name="listener">Takes the events.</param>
    /// <param name="stop">Asks whether to stop.</param>
    /// <param name="progress">Called now and then with the reader and the packets read.</param>
    /// <exception cref="UserError">The user stopped it.</exception>
    public void Run<TListener>(TListener listener, StopSignal stop, Action<FileReader, long>? progress = null)
        where TListener : class, IMarketListener
    {
        var decoder = new FeedDecoder(_instruments);
        var buffer = new byte[_source.MaxPacketLength];
        var packets = 0L;
        for (int length; (length = _source.NextPacket(buffer, out _)) > 0;)
        {
            if (++packets % ProgressInterval == 0)
            {
                progress?.Invoke(_source.File, packets);
                if (stop.IsRequested)
                {
                    throw new UserError($"{Path}: stopped at {_source.File.Place}, before the end");
                }
            }

            _batch.Clear();
            var packet = buffer.AsSpan(0, length);
            FeedDecoder.TryReadCaptureTime(packet, out var captureTimeNs);
            decoder.Decode(packet, captureTimeNs, ref _batch);
            if (!TryHandOn(listener))
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _books.Dispose();
        _source.Dispose();
    }

    private bool TryHandOn<TListener>(TListener listener)
        where TListener : class, IMarketListener
    {
        foreach (ref readonly var e in _batch.Events)
        {
            if (e.Kind == EventKind.InstrumentDefined)
            {
                _books.Define(_instruments[e.InstrumentId]);
            }

            if (e.InstrumentId < 0 || !_books.TryGet(e.InstrumentId, out var book))
            {
                continue;
            }

            if (!listener.Before(in e, _instruments[e.InstrumentId], book!))
            {
                return false;
            }

            listener.After(in e, book!, book!.Apply(in e));
        }

        return true;
    }

    private struct EventBatch() : IEventSink
    {
        private readonly MarketEvent[] _events = new MarketEvent[FeedLimits.MaxEventsPerPacket];
        private int _count;

        public readonly ReadOnlySpan<MarketEvent> Events => _events.AsSpan(0, _count);

        public ref MarketEvent Next()
        {
            _events[_count] = default;
            return ref _events[_count++];
        }

        public void Clear() => _count = 0;
    }
}
