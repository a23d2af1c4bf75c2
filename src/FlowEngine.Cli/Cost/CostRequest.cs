namespace FlowEngine.Cli.Cost;

/// <summary>An order that may be given.</summary>
/// <param name="Sign">1 buys, -1 sells.</param>
/// <param name="Size">The venue's unit.</param>
/// <param name="HorizonNs">How long it may take.</param>
/// <param name="Slices">In how many parts.</param>
/// <param name="RiskAversion">Almgren and Chriss's λ, for one of the quote currency.</param>
internal sealed record CostRequest(int Sign, decimal Size, long HorizonNs, int Slices, double RiskAversion);
