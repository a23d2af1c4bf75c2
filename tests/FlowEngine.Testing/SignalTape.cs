using FlowEngine.Aeron;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Testing;

/// <summary>One signal message as it came, new values only.</summary>
/// <param name="InstrumentId">Whose value.</param>
/// <param name="Sequence">Its place among the instrument's messages.</param>
/// <param name="Validity">Its flags.</param>
/// <param name="VenueTime">Time of its newest event.</param>
/// <param name="Values">Template id and everything behind the provenance, hexadecimal.</param>
public sealed record TapedSignal(uint InstrumentId, ulong Sequence, Validity Validity, long VenueTime, string Values);

/// <summary>Keeps every new value of the signal stream, for tests that compare runs value by value.</summary>
public sealed class SignalTape : IFragmentHandler
{
    private const int ValuesOffset = 8 + 80;

    /// <summary>What came, in order.</summary>
    public List<TapedSignal> Signals { get; } = [];

    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (!MessageHeaderReader.TryWrap(payload, out var message)
            || message.TemplateId is InstrumentDirectoryReader.TemplateId or EngineStatusReader.TemplateId
            || !ProvenanceReader.TryWrap(payload[MessageHeaderReader.Length..], out var provenance)
            || (provenance.Delivery & Delivery.Repeat) != 0)
        {
            return;
        }

        Signals.Add(new TapedSignal(
            provenance.InstrumentId,
            provenance.Sequence,
            provenance.Validity,
            provenance.VenueTime,
            $"{message.TemplateId}:{Convert.ToHexString(payload[ValuesOffset..])}"));
    }
}
