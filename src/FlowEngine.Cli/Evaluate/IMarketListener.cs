using FlowEngine.Market;

namespace FlowEngine.Cli.Evaluate;

/// <summary>Takes the events of a <see cref="MarketStream"/> one by one.</summary>
internal interface IMarketListener
{
    /// <summary>An event that its book is about to take.</summary>
    /// <param name="e">The event.</param>
    /// <param name="instrument">Its instrument.</param>
    /// <param name="book">The book before it.</param>
    /// <returns>False to end the reading before it.</returns>
    bool Before(in MarketEvent e, Instrument instrument, InstrumentBook book);

    /// <summary>The same event, when its book has taken it.</summary>
    /// <param name="e">The event.</param>
    /// <param name="book">The book after it.</param>
    /// <param name="change">What it did to the book.</param>
    void After(in MarketEvent e, InstrumentBook book, BookChange change);
}
