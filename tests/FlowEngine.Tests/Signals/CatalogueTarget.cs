using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>Set <c>full</c> as the engine drives it.</summary>
internal sealed class CatalogueTarget : ICatalogueTarget
{
    public CatalogueTarget(SetOptions options, SignalOptions signalOptions, Instrument instrument)
    {
        Touch = new InstrumentSignals(signalOptions, instrument);
        Set = new SetSignals(options, signalOptions, instrument, Touch);
        Catalogue = new CatalogueSignals(options, signalOptions, instrument, Touch, Set);
    }

    public InstrumentSignals Touch { get; }

    public SetSignals Set { get; }

    public CatalogueSignals Catalogue { get; }

    public SetParameters Parameters => Set.Parameters;

    public void Trade(in MarketEvent print, BookSide bids, BookSide asks)
    {
        Touch.OnTrade(print, bids, asks);
        Catalogue.OnTrade(print);
    }

    public void Reference(in MarketEvent e)
    {
        Touch.OnReference(e);
        Catalogue.OnReference(e);
    }

    public bool Event(BookSide bids, BookSide asks, ValidityFlags book, long now, bool reprime)
    {
        Touch.Evaluate(bids, asks, book, now, reprime);
        Touch.EvaluateImpact(bids, asks, book);
        return Catalogue.Evaluate(bids, asks);
    }

    public void Score(BookSide bids, BookSide asks) => Catalogue.EvaluateScore(bids, asks);

    public void Shape(BookSide bids, BookSide asks) => Catalogue.EvaluateShape(bids, asks);

    public void Second() => Catalogue.CloseSecond();

    public void Second(BookSide bids, BookSide asks)
    {
        Catalogue.CloseSecond();
        Catalogue.EvaluateExecution(bids, asks);
    }

    public Dictionary<string, double> Read()
    {
        var values = new Dictionary<string, double>();
        ValueFields.Flatten(nameof(Catalogue.FairValue), Catalogue.FairValue, values);
        ValueFields.Flatten(nameof(Catalogue.Shape), Catalogue.Shape, values);
        ValueFields.Flatten(nameof(Catalogue.Resilience), Catalogue.Resilience, values);
        ValueFields.Flatten(nameof(Catalogue.Excitation), Catalogue.Excitation, values);
        ValueFields.Flatten(nameof(Catalogue.Activity), Catalogue.Activity, values);
        ValueFields.Flatten(nameof(Catalogue.PriceImpact), Catalogue.PriceImpact, values);
        ValueFields.Flatten(nameof(Catalogue.Leverage), Catalogue.Leverage, values);
        ValueFields.Flatten(nameof(Catalogue.Loops), Catalogue.Loops, values);
        ValueFields.Flatten(nameof(Catalogue.Execution), Catalogue.Execution, values);
        return values;
    }
}
