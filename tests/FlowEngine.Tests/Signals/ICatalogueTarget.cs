using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>Something that a tape of the whole catalogue can be played to.</summary>
internal interface ICatalogueTarget
{
    SetParameters Parameters { get; }

    void Trade(in MarketEvent print, BookSide bids, BookSide asks);

    void Reference(in MarketEvent e);

    bool Event(BookSide bids, BookSide asks, ValidityFlags book, long now, bool reprime);

    void Score(BookSide bids, BookSide asks);

    void Shape(BookSide bids, BookSide asks);

    void Second(BookSide bids, BookSide asks);

    Dictionary<string, double> Read();
}
