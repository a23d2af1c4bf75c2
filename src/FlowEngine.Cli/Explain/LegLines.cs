using FlowEngine.Signals;

namespace FlowEngine.Cli.Explain;

/// <summary>What a score is made of, leg by leg (F9).</summary>
internal static class LegLines
{
    private const double MostDeviations = 4;

    private static readonly (string Name, string Of, string Why)[] s_legs =
    [
        ("flow", "order flow of ten levels in the newest second over their depth (F3), sold",
            "no whole second with events yet, or the book is frozen"),
        ("book", "lots near the mid (B1): asks outweigh bids", "no lots within the band, or the book is frozen"),
        ("trades", "lots of aggressors (F5), sold", "no trade whose side is known"),
        ("downTicks", "share of lots traded on down-ticks less a half (F6)", "no trade moved the price yet"),
        ("withdrawal", "bids pulled more than asks (B9)",
            "a side has seen no orders come or go yet, or the book is frozen"),
        ("downSteps", "down steps of the quotes less up steps (B10)", "the quotes have not stepped yet"),
        ("liquidations", "forced sells against what is usual less forced buys (L1)",
            "nothing was liquidated yet, so nothing is usual"),
    ];

    /// <summary>The legs.</summary>
    /// <param name="now">Their values as the score saw them.</param>
    /// <param name="before">What each was held against: its past before this score.</param>
    /// <param name="scale">What the weighted mean was multiplied by.</param>
    public static IReadOnlyList<ExplainedLeg> Of(
        ReadOnlySpan<ScoreLeg> now, ReadOnlySpan<ScoreLeg> before, double scale)
    {
        var known = 0.0;
        foreach (ref readonly var leg in now)
        {
            known += leg.IsKnown ? leg.Weight : 0;
        }

        var lines = new List<ExplainedLeg>();
        for (var i = 0; i < now.Length; i++)
        {
            var (value, past) = (now[i], before[i]);
            var (name, of, why) = s_legs[i];
            if (!value.IsKnown)
            {
                lines.Add(new ExplainedLeg(name, of, null, null, null, 0, 0, 0, why));
                continue;
            }

            var z = past.HasPast
                ? Math.Clamp((value.Value - past.Usual) / past.Deviation, -MostDeviations, MostDeviations)
                : 0;
            var weight = value.Weight / known;
            lines.Add(new ExplainedLeg(
                name, of, value.Value, past.HasPast ? past.Usual : null, past.HasPast ? past.Deviation : null, z,
                weight, z * weight * scale, past.HasPast ? null : "new: nothing to hold it against"));
        }

        return lines;
    }
}
