namespace FlowEngine.Signals;

/// <summary>A pool that keeps base × quote (M12). What it holds changes with each trade in it, but not their product:
/// between two updates of the configuration it is taken to stand at the book's mid, as arbitrage keeps it.</summary>
/// <param name="Symbol">The venue's name of the instrument that trades the same.</param>
/// <param name="Base">What it held, in the venue's amount unit, above 0.</param>
/// <param name="Quote">What it held at the same moment, quote currency, above 0.</param>
/// <param name="Fee">Share of what comes in, 0 to below 1.</param>
public sealed record AutomatedPool(string Symbol, double Base, double Quote, double Fee);
