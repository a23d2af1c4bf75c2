using CsCheck;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class DecimalScaleTests
{
    [Theory]
    [InlineData(0.0001, 1, -4)]
    [InlineData(0.0005, 5, -4)]
    [InlineData(0.1, 1, -1)]
    [InlineData(0.5, 5, -1)]
    [InlineData(0.25, 25, -2)]
    [InlineData(1, 1, 0)]
    [InlineData(10, 10, 0)]
    [InlineData(2.5, 25, -1)]
    [InlineData(1e-9, 1, -9)]
    [InlineData(1e-18, 1, -18)]
    [InlineData(123456.789, 123456789, -3)]
    [InlineData(0.123456789012, 123456789012, -12)]
    [InlineData(99999999999999, 99999999999999, 0)]
    public void Short_decimal_is_found_behind_its_double(double value, long mantissa, int exponent)
    {
        Assert.True(DecimalScale.TryFromDouble(value, out var scale));
        Assert.Equal(new DecimalScale(mantissa, (sbyte)exponent), scale);
        Assert.Equal(value, scale.ToDouble());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(1e15)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(1e-19)]
    [InlineData(1.0 / 3.0)]
    [InlineData(Math.PI)]
    public void What_is_no_short_positive_decimal_is_refused(double value)
    {
        Assert.False(DecimalScale.TryFromDouble(value, out var scale));
        Assert.Equal(default, scale);
    }

    [Fact]
    public void Every_decimal_of_nine_digits_survives_the_way_through_a_double() =>
        Gen.Select(Gen.Long[1, 999_999_999], Gen.Int[0, 12]).Sample((mantissa, digits) =>
        {
            decimal value = mantissa;
            for (var i = 0; i < digits; i++)
            {
                value /= 10;
            }

            return DecimalScale.TryFromDouble((double)value, out var scale) && scale.ToDecimal() == value;
        });

    [Fact]
    public void Unit_is_exact_as_a_decimal()
    {
        Assert.Equal(0.0001m, new DecimalScale(1, -4).ToDecimal());
        Assert.Equal(2500m, new DecimalScale(25, 2).ToDecimal());
        Assert.Equal(1m, DecimalScale.One.ToDecimal());
        Assert.Equal(2500.0, new DecimalScale(25, 2).ToDouble());
    }
}
