using FlowEngine.Core;
using Wire = FlowEngine.Messages.Deribit;

namespace FlowEngine.Feeds.Deribit;

/// <summary>
/// Price indices, requests for quotes and combo legs: they have no place in the market's model and make no events (an
/// instrument's index comes with its ticker), but they are read and must make sense.
/// </summary>
[Hot]
internal static class DeribitNotices
{
    /// <summary>Checks one message.</summary>
    /// <param name="template">Its template.</param>
    /// <param name="message">Its bytes.</param>
    /// <param name="reason">What is wrong with its values.</param>
    /// <returns>False where it ends too early.</returns>
    public static bool TryCheck(ushort template, ReadOnlySpan<byte> message, out DamageReason reason)
    {
        reason = DamageReason.None;
        switch (template)
        {
            case Wire.PriceIndexReader.TemplateId when Wire.PriceIndexReader.TryWrap(message, out var index):
                reason = DeribitInstrument.ToFixed9(index.Price, out _);
                reason = reason == DamageReason.None ? CheckTime(index.TimestampMs) : reason;
                return true;
            case Wire.RfqReader.TemplateId when Wire.RfqReader.TryWrap(message, out var request):
                bool isEnum = request.State <= Wire.YesNo.Yes && request.Side <= Wire.Direction.NoDirection;
                reason = !isEnum ? DamageReason.BadEnum
                    : request.Amount < 0 || double.IsInfinity(request.Amount) ? DamageReason.BadQuantity
                    : CheckTime(request.TimestampMs);
                return true;
            case Wire.ComboLegsReader.TemplateId when Wire.ComboLegsReader.TryWrap(message, out var combo):
                foreach (var leg in combo.LegsList)
                {
                    reason = leg.LegSize == 0 ? DamageReason.BadQuantity : reason;
                }

                return true;
            default:
                return false;
        }
    }

    private static DamageReason CheckTime(ulong milliseconds) =>
        DeribitInstrument.TryToNanos(milliseconds, out _) ? DamageReason.None : DamageReason.BadTime;
}
