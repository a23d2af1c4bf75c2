namespace FlowEngine.Feeds.Readers.Text;

/// <summary>Decimal numbers as text → exact integers, without a detour over doubles.</summary>
internal static class DecimalText
{
    private const int MaxDigits = 18;
    private const int MaxExponent = 30;

    /// <summary>Reads a number in units of ten to the minus digits.</summary>
    /// <returns>False for what is no number, lies between two units, or does not fit.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, int digits, out long value)
    {
        value = 0;
        if (!TryRead(text, out long mantissa, out int exponent))
        {
            return false;
        }

        for (int shift = exponent + digits; shift != 0 && mantissa != 0; shift += shift > 0 ? -1 : 1)
        {
            if (shift > 0)
            {
                if (Math.Abs(mantissa) > long.MaxValue / 10)
                {
                    return false;
                }

                mantissa *= 10;
            }
            else if (mantissa % 10 == 0)
            {
                mantissa /= 10;
            }
            else
            {
                return false;
            }
        }

        value = mantissa;
        return true;
    }

    /// <summary>Reads a number in units of ten to the minus digits; what is finer is rounded to the nearest.</summary>
    /// <returns>False for what is no number or does not fit.</returns>
    public static bool TryRound(ReadOnlySpan<byte> text, int digits, out long value)
    {
        if (TryParse(text, digits, out value))
        {
            return true;
        }

        // Numbers that went through doubles have more digits than can be read, none of them before the last unit.
        int point = text.IndexOf((byte)'.');
        int behind = point < 0 ? 0 : text.Length - point - 1;
        bool isLong = behind > digits + 1 && text[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
        if (!TryRead(isLong ? text[..(point + digits + 2)] : text, out long mantissa, out int exponent)
            || exponent + digits >= 0)
        {
            return false;
        }

        for (; exponent + digits < -1 && mantissa != 0; exponent++)
        {
            mantissa /= 10;
        }

        value = (mantissa + (mantissa < 0 ? -5 : 5)) / 10;
        return true;
    }

    /// <summary>Digits behind the point that say something: 2 for 1.50 is 1.</summary>
    /// <returns>-1 for what is no number.</returns>
    public static int SignificantDigits(ReadOnlySpan<byte> text)
    {
        if (!TryRead(text, out long mantissa, out int exponent))
        {
            return -1;
        }

        while (exponent < 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            exponent++;
        }

        return Math.Max(0, -exponent);
    }

    /// <summary>Digits behind the point as written: 2 for 1.50 is 2.</summary>
    public static int WrittenDigits(ReadOnlySpan<byte> text)
    {
        int point = text.IndexOf((byte)'.');
        return point < 0 ? 0 : text.Length - point - 1;
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out long mantissa, out int exponent)
    {
        (mantissa, exponent) = (0, 0);
        bool isNegative = text.StartsWith("-"u8);
        text = isNegative ? text[1..] : text;
        int power = text.IndexOfAny((byte)'e', (byte)'E');
        if (power >= 0)
        {
            if (!CsvFields.TryWhole(text[(power + 1)..], out long given) || given is < -MaxExponent or > MaxExponent)
            {
                return false;
            }

            exponent = (int)given;
            text = text[..power];
        }

        if (text.IsEmpty)
        {
            return false;
        }

        var digits = 0;
        var isBehindPoint = false;
        foreach (byte letter in text)
        {
            if (letter == '.' && !isBehindPoint)
            {
                isBehindPoint = true;
                continue;
            }

            if (letter is < (byte)'0' or > (byte)'9' || (digits += mantissa != 0 || letter != '0' ? 1 : 0) > MaxDigits)
            {
                return false;
            }

            mantissa = (mantissa * 10) + (letter - '0');
            exponent -= isBehindPoint ? 1 : 0;
        }

        mantissa = isNegative ? -mantissa : mantissa;
        return text.Length > (isBehindPoint ? 1 : 0);
    }
}
