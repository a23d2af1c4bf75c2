using System.Globalization;
using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Stat;

namespace FlowEngine.Cli.Aeron;

/// <summary>The loss report of a driver.</summary>
/// <param name="Directory">Of which driver.</param>
/// <param name="Entries">How many streams and sources have lost something.</param>
/// <param name="Losses">In order of first appearance.</param>
internal sealed record LossReport(string Directory, int Entries, IReadOnlyList<StreamLoss> Losses)
{
    /// <summary>Reads the report of a driver.</summary>
    public static LossReport Read(string directory)
    {
        if (!File.Exists(Path.Combine(directory, LossReportReader.FileName)))
        {
            throw new UserError(
                $"no files of a media driver in {directory}: {LossReportReader.FileName} is missing; "
                + "give the --dir of one");
        }

        List<StreamLoss> losses = [.. LossReportReader.Read(directory).Select(StreamLoss.Of)];
        return new LossReport(directory, losses.Count, losses);
    }

    /// <summary>For people: a line for each entry.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var loss in Losses)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{loss.Gaps} gaps, {loss.BytesLost} bytes, {loss.First:yyyy-MM-dd HH:mm:ss.fff}Z to ");
            text.Append(
                CultureInfo.InvariantCulture,
                $"{loss.Last:yyyy-MM-dd HH:mm:ss.fff}Z, session {loss.SessionId} stream {loss.StreamId} ");
            text.Append(CultureInfo.InvariantCulture, $"{loss.Channel} from {loss.Source}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Entries} loss entries").ToString();
    }
}

/// <summary>What one stream lost from one source.</summary>
/// <param name="Gaps">Gaps seen.</param>
/// <param name="BytesLost">Their bytes.</param>
/// <param name="First">First gap, UTC.</param>
/// <param name="Last">Last gap, UTC.</param>
/// <param name="SessionId">Session of the publisher.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="Channel">Channel of the subscription.</param>
/// <param name="Source">Address of the publisher.</param>
internal sealed record StreamLoss(
    long Gaps,
    long BytesLost,
    DateTimeOffset First,
    DateTimeOffset Last,
    int SessionId,
    int StreamId,
    string Channel,
    string Source)
{
    /// <summary>From the report's own form.</summary>
    public static StreamLoss Of(LossObservation observation) => new(
        observation.Count,
        observation.BytesLost,
        EpochTime.Of(observation.FirstMs),
        EpochTime.Of(observation.LastMs),
        observation.SessionId,
        observation.StreamId,
        observation.Channel,
        observation.Source);
}
