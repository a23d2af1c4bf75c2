using System.CommandLine;
using System.Globalization;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Cli.Frame;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Cost;

/// <summary>The order on a command line.</summary>
internal sealed class OrderOptionSet
{
    private const double DefaultAversion = 1e-6;
    private const long DefaultSlices = 10;

    private readonly Option<string?> _side = CliOption.Text("--side", "SIDE", "buy or sell [default: sell]");

    private readonly Option<string?> _size =
        CliOption.Text("--size", "N", "How much, in the venue's unit; must be given");

    private readonly Option<string?> _horizon =
        CliOption.Text("--horizon", "TIME", "How long it may take, such as 5m [default: 5m]");

    private readonly Option<long> _slices =
        CliOption.Whole("--slices", "In how many parts", 1, OrderQuestion.MostSlices, DefaultSlices);

    private readonly Option<double> _aversion = CliOption.Number(
        "--risk-aversion", "R", "Almgren and Chriss's, for one of the quote currency; 0 gives equal slices", 0,
        OrderQuestion.MostAversion, DefaultAversion);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_side, _size, _horizon, _slices, _aversion])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The order the user gave.</summary>
    /// <exception cref="UserError">It makes no sense.</exception>
    public CostRequest Read(CommandContext context)
    {
        var horizonNs = Durations.Parse("--horizon", context.Get(_horizon) ?? "5m");
        return new CostRequest(
            SignOf(context.Get(_side)), SizeOf(context.Get(_size)), horizonNs, (int)context.Get(_slices),
            context.Get(_aversion));
    }

    private static int SignOf(string? side) => side switch
    {
        null or "sell" => -1,
        "buy" => 1,
        _ => throw UserError.Usage($"--side is '{side}': use buy or sell"),
    };

    private static decimal SizeOf(string? size) =>
        decimal.TryParse(size, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw UserError.Usage(size is null
                ? "--size is missing: say how much, such as --size 500"
                : $"--size is '{size}': use a number above 0");
}
