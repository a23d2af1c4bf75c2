namespace FlowEngine.Market;

/// <summary>A level of several books together.</summary>
/// <param name="Price">In <see cref="ConsolidatedBook.PriceUnit"/>, net of the takers' fees.</param>
/// <param name="Lots">In <see cref="ConsolidatedBook.LotUnit"/>, at most long.MaxValue.</param>
/// <param name="Members">Who has lots there: bit n is member n.</param>
public readonly record struct ConsolidatedLevel(long Price, long Lots, uint Members);
