using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Client;

/// <summary>An order whose cost is asked for.</summary>
/// <param name="InstrumentId">Dense id of the running epoch, from the signal stream's directory.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Lots">How much, 1 to 10^15.</param>
/// <param name="HorizonNs">How long it may take, 1 ms to 30 days.</param>
/// <param name="Slices">In how many parts, 1 to 32.</param>
/// <param name="RiskAversion">Almgren and Chriss's λ for one of the quote currency, 0 to 10^6.</param>
/// <param name="Epoch">Epoch that the id is of, so that another engine refuses it; 0 for whatever runs.</param>
public readonly record struct PreTradeQuestion(
    int InstrumentId, Side Side, long Lots, long HorizonNs, int Slices, double RiskAversion, ulong Epoch = 0);
