namespace FlowEngine.Market;

/// <summary>One book of a <see cref="ConsolidatedBook"/>.</summary>
/// <param name="Instrument">What its integers are worth.</param>
/// <param name="Book">The book, read where it is.</param>
/// <param name="TakerFeePpb">What taking costs in 1e-9 of the price, negative for a rebate; within ±1e9.</param>
public sealed record ConsolidatedMember(Instrument Instrument, InstrumentBook Book, int TakerFeePpb = 0);
