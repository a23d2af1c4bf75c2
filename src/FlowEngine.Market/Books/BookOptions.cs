namespace FlowEngine.Market;

/// <summary>Capacities and limits of the books of one store; checked when set.</summary>
public sealed record BookOptions
{
    /// <summary>Most levels a side that can be asked for.</summary>
    public const int MaxLevelsPerSide = 1 << 16;

    /// <summary>Most buffered events that can be asked for.</summary>
    public const int MaxBufferedEvents = 1 << 16;

    /// <summary>
    /// Levels kept a side, 1 to <see cref="MaxLevelsPerSide"/>; deeper ones are left out, counted and flagged.
    /// </summary>
    public int LevelsPerSide
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(LevelsPerSide));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxLevelsPerSide, nameof(LevelsPerSide));
            field = value;
        }
    } = 1024;

    /// <summary>Most ticks of a window that can be asked for.</summary>
    public const int MaxWindowTicks = TickWindow.MaxTicks;

    /// <summary>
    /// Ticks a side around the touch that are kept dense, a multiple of 64 up to <see cref="MaxWindowTicks"/>; 0 keeps
    /// all levels in one sorted run. A change behind the window costs some hundred nanoseconds: crypto books that are
    /// told in full reach far.
    /// </summary>
    public int WindowTicks
    {
        get;
        init
        {
            CheckWindow(value);
            field = value;
        }
    } = 16_384;

    /// <summary>Most orders a book that can be asked for.</summary>
    public const int MaxOrdersPerBook = 1 << 24;

    /// <summary>
    /// Orders kept of an instrument that is told by order, 1 to <see cref="MaxOrdersPerBook"/>; more are refused,
    /// counted and flagged.
    /// </summary>
    public int OrdersPerBook
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(OrdersPerBook));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxOrdersPerBook, nameof(OrdersPerBook));
            field = value;
        }
    } = 1 << 16;

    /// <summary>
    /// Levels kept a side of an instrument that is told by order, 1 to <see cref="MaxLevelsPerSide"/>.
    /// </summary>
    public int OrderLevelsPerSide
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(OrderLevelsPerSide));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxLevelsPerSide, nameof(OrderLevelsPerSide));
            field = value;
        }
    } = 8192;

    /// <summary>
    /// Increments kept while an instrument waits for a snapshot, 2 to <see cref="MaxBufferedEvents"/>.
    /// </summary>
    public int BufferedEvents
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(BufferedEvents));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxBufferedEvents, nameof(BufferedEvents));
            field = value;
        }
    } = 1024;

    /// <summary>Venue events that a book may stay crossed before it is taken for lost; 0 or more.</summary>
    public int CrossedEventsMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(CrossedEventsMax));
            field = value;
        }
    } = 20;

    /// <summary>
    /// Venue time in nanoseconds that a book may stay crossed before it is taken for lost; 0 or more.
    /// </summary>
    public long CrossedMaxNs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(CrossedMaxNs));
            field = value;
        }
    } = 250_000_000;

    /// <summary>
    /// Whether books are live and empty from the start, for feeds that begin with an empty book and send no snapshots.
    /// </summary>
    public bool StartLive { get; init; }

    /// <summary>
    /// Native bytes that an instrument of price levels takes at most: book, snapshot being loaded, and buffer (by
    /// default 728 KiB, of which only what is used is touched).
    /// </summary>
    public long BytesPerInstrument => BytesFor(null);

    /// <summary>Native bytes that this instrument takes at most; null stands for one of price levels.</summary>
    public long BytesFor(Instrument? instrument) =>
        (2 * BookContent.BytesFor(instrument, this)) + ((long)BufferedEvents * MarketEvent.Length);

    internal static void CheckWindow(int ticks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ticks, nameof(WindowTicks));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ticks, MaxWindowTicks, nameof(WindowTicks));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ticks % 64, 0, nameof(WindowTicks));
    }
}
