namespace FlowEngine.Market;

/// <summary>What one <see cref="MarketEvent"/> says. The numbers are the journal's: only ever appended.</summary>
public enum EventKind : byte
{
    /// <summary>Not an event: a slot that was never written.</summary>
    None = 0,

    /// <summary>
    /// Price level now holds Quantity lots in all; 0 lots is refused, deletions are <see cref="LevelDelete"/>.
    /// </summary>
    LevelSet = 1,

    /// <summary>Price level changes by Quantity lots (signed).</summary>
    LevelDelta = 2,

    /// <summary>Price level is gone.</summary>
    LevelDelete = 3,

    /// <summary>
    /// Order Id of Quantity lots joins the end of the queue at Price; with the Snapshot flag it is part of a snapshot.
    /// </summary>
    OrderAdd = 4,

    /// <summary>
    /// Order Id now rests at Price with Quantity lots, more than 0. It keeps its place in the queue where the price is
    /// the same and the quantity not larger, unless <see cref="EventFlags.LosesPriority"/> or
    /// <see cref="EventFlags.KeepsPriority"/> say otherwise.
    /// </summary>
    OrderModify = 5,

    /// <summary>Order Id is gone.</summary>
    OrderDelete = 6,

    /// <summary>Order Id was executed for Quantity lots; what is left keeps its place.</summary>
    OrderExecute = 7,

    /// <summary>A trade; Side is the aggressor's, Id the venue's trade id.</summary>
    Trade = 8,

    /// <summary>
    /// A forced trade; Side is that of the liquidation order (sell: a long was liquidated), Id the trade id.
    /// </summary>
    Liquidation = 9,

    /// <summary>Mark price, Price in 1e-9.</summary>
    MarkPrice = 10,

    /// <summary>Index price, Price in 1e-9.</summary>
    IndexPrice = 11,

    /// <summary>Open interest, Quantity in lots.</summary>
    OpenInterest = 12,

    /// <summary>Funding rate of the running interval, Price in 1e-9 of the position's value.</summary>
    Funding = 13,

    /// <summary>Trading status, Quantity holds a <see cref="TradingStatus"/>.</summary>
    Status = 14,

    /// <summary>A snapshot of the book as of VenueSequence begins.</summary>
    SnapshotBegin = 15,

    /// <summary>One level of the snapshot.</summary>
    SnapshotLevel = 16,

    /// <summary>The snapshot is whole.</summary>
    SnapshotEnd = 17,

    /// <summary>The venue emptied the book.</summary>
    Clear = 18,

    /// <summary>The feed knows that increments of this instrument were lost.</summary>
    Gap = 19,

    /// <summary>The instrument table got this instrument.</summary>
    InstrumentDefined = 20,

    /// <summary>The pipeline clock reached ReceiveTime, a multiple of 100 ms; InstrumentId is -1.</summary>
    Timer = 21,

    /// <summary>A run of parameter values begins; Id is its version.</summary>
    ParameterBegin = 22,

    /// <summary>One parameter: Id is its key, Price its value's bits.</summary>
    ParameterValue = 23,

    /// <summary>The parameters received since ParameterBegin apply from here.</summary>
    ParameterEnd = 24,

    /// <summary>
    /// The venue's own word on its best level (Side, Price, Quantity; 0 lots: side is empty). Never changes the book:
    /// it is what the book is checked against.
    /// </summary>
    BestLevel = 25,

    /// <summary>Some input of this instrument was refused; Id holds the reason.</summary>
    Damaged = 26,

    /// <summary>
    /// The venue began a new session: the book is empty and live, and sequences start anew after VenueSequence (0 where
    /// nothing is told of them).
    /// </summary>
    SessionReset = 27,

    /// <summary>
    /// The feed held the book against the venue's checksum and it differs: the book is lost until the next snapshot.
    /// </summary>
    ChecksumMismatch = 28,

    /// <summary>
    /// Somebody asks what an order would cost as of here; Id is the question's number. It changes nothing, and is not
    /// counted among the events that values name.
    /// </summary>
    CostRequest = 29,
}
