namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>Reports one image's holes, each byte once however often it was asked for. Conductor's thread.</summary>
internal sealed class LossLog(LossReport? report, int sessionId, int streamId, string channel, string source)
{
    private const long NoEntry = long.MinValue;

    private LossReport? _report = report;
    private long _entry = NoEntry;
    private Gap _last;

    public void OnGap(in Gap gap, long nowMs)
    {
        var lastEnd = _last.TermOffset + _last.Length;
        var end = gap.TermOffset + gap.Length;
        if (gap.TermId != _last.TermId || gap.TermOffset >= lastEnd)
        {
            Report(gap, gap.Length, nowMs);
        }
        else if (end > lastEnd)
        {
            Report(gap, end - lastEnd, nowMs);
        }
    }

    private void Report(in Gap gap, int bytesLost, long nowMs)
    {
        _last = gap;
        if (_report is null)
        {
            return;
        }

        if (_entry != NoEntry)
        {
            _report.Record(_entry, bytesLost, nowMs);
            return;
        }

        _entry = _report.AddEntry(bytesLost, nowMs, sessionId, streamId, channel, source);
        if (_entry == LossReport.Full)
        {
            _report = null;
        }
    }
}
