using System.Globalization;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// The text of an address in a channel: <c>host:port</c>, <c>[ipv6]:port</c>, each with <c>/prefix</c> as an
/// interface has it.
/// </summary>
/// <param name="Host">Name or address without brackets.</param>
/// <param name="Port">0 to 65535; null if there is none.</param>
/// <param name="PrefixLength">Bits of the address that count; null is all.</param>
/// <param name="IsIPv6">Whether it was in brackets.</param>
internal readonly record struct AddressText(string Host, int? Port, int? PrefixLength, bool IsIPv6)
{
    /// <summary>Takes the parts apart; addresses are not looked up.</summary>
    /// <returns>Whether it has that form.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressText address)
    {
        address = default;
        int? prefix = null;
        var slash = text.IndexOf('/');
        if (slash >= 0)
        {
            if (!TryNumber(text[(slash + 1)..], 128, out var bits))
            {
                return false;
            }

            prefix = bits;
            text = text[..slash];
        }

        var isIPv6 = text.StartsWith('[');
        var hostEnd = isIPv6 ? text.IndexOf(']') : text.IndexOf(':');
        if (isIPv6 && hostEnd < 0)
        {
            return false;
        }

        hostEnd = hostEnd < 0 ? text.Length : hostEnd;
        var host = isIPv6 ? text[1..hostEnd] : text[..hostEnd];
        var rest = isIPv6 ? text[(hostEnd + 1)..] : text[hostEnd..];
        int? port = null;
        if (!rest.IsEmpty)
        {
            if (rest[0] != ':' || !TryNumber(rest[1..], ushort.MaxValue, out var number))
            {
                return false;
            }

            port = number;
        }

        if (host.IsEmpty || (!isIPv6 && prefix > 32))
        {
            return false;
        }

        address = new AddressText(host.ToString(), port, prefix, isIPv6);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, int max, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
