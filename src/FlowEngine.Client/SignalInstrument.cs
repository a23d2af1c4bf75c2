namespace FlowEngine.Client;

/// <summary>What an instrument id of the running epoch stands for, from the stream's directory.</summary>
/// <param name="Id">Dense id in every signal message.</param>
/// <param name="Symbol">The venue's name.</param>
/// <param name="Venue">The venue's number, see <c>market-data.xml</c>.</param>
/// <param name="PriceQuantum">One price quantum in quote currency.</param>
/// <param name="TickQuanta">Quanta of the smallest price step.</param>
/// <param name="Lot">One lot in the venue's amount unit.</param>
public sealed record SignalInstrument(
    int Id, string Symbol, int Venue, double PriceQuantum, int TickQuanta, double Lot);
