using CsCheck;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>The polynomials against the platform's maths library, within the error each states.</summary>
public class ElementaryTests
{
    private const int Iterations = 20_000;

    [Fact]
    public void Exp_is_within_its_error() => Gen.Double[-700, 700].Sample(
        x => Math.Abs(Elementary.Exp(x) / Math.Exp(x) - 1) <= 1e-15, iter: Iterations);

    [Fact]
    public void Exp_less_one_is_within_its_error() => Gen.Double[-2, 2].Sample(
        x => x == 0 || Math.Abs(Elementary.ExpMinus1(x) / Exact(x) - 1) <= 2e-15, iter: Iterations);

    [Fact]
    public void Log_is_within_its_error() => Gen.Double[-700, 700].Select(Math.Exp).Sample(
        x => Math.Abs(Elementary.Log(x) - Math.Log(x)) <= 1e-15 * Math.Max(1, Math.Abs(Math.Log(x))),
        iter: Iterations);

    [Fact]
    public void Log_of_one_more_is_within_its_error() => Gen.Double[-0.9, 5].Sample(
        x => x == 0 || Math.Abs(Elementary.Log1P(x) / (2 * Math.Atanh(x / (2 + x))) - 1) <= 2e-15, iter: Iterations);

    [Fact]
    public void Tanh_is_within_its_error_and_odd() => Gen.Double[-30, 30].Sample(
        x => Math.Abs(Elementary.Tanh(x) - Math.Tanh(x)) <= 2e-15 * Math.Abs(Math.Tanh(x))
            && Elementary.Tanh(-x) == -Elementary.Tanh(x),
        iter: Iterations);

    [Fact]
    public void Logistic_is_within_its_error() => Gen.Double[-40, 40].Sample(
        x => Math.Abs(Elementary.Logistic(x) - 1 / (1 + Math.Exp(-x))) <= 1e-15, iter: Iterations);

    [Fact]
    public void Pow_is_within_its_error() => Gen.Select(Gen.Double[1e-9, 1e9], Gen.Double[-3, 3]).Sample(
        (x, y) => Math.Abs(Elementary.Pow(x, y) / Math.Pow(x, y) - 1) <= (1 + Math.Abs(y * Math.Log(x))) * 1e-15,
        iter: Iterations);

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(-0.5, 0.308537538725986896)]
    [InlineData(1, 0.841344746068542949)]
    [InlineData(-1.5, 0.0668072012688580661)]
    [InlineData(2, 0.977249868051820793)]
    [InlineData(5, 0.999999713348428120)]
    [InlineData(-7, 1.27981254388583500e-12)]
    public void Normal_has_its_tabulated_values(double x, double expected)
    {
        Near(expected, Elementary.Normal(x), 1e-14);
        Near(1 - expected, Elementary.Normal(-x), 1e-14);
    }

    [Fact]
    public void Normal_never_falls_and_stays_within_0_and_1() =>
        Gen.Select(Gen.Double[-45, 45], Gen.Double[0, 1]).Sample((x, more) =>
        {
            double low = Elementary.Normal(x);
            double high = Elementary.Normal(x + more);
            return low >= 0 && high <= 1 && high >= low - 1e-14;
        });

    [Fact]
    public void Ends_are_finite()
    {
        Assert.Equal(0, Elementary.Exp(double.NegativeInfinity));
        Assert.Equal(0, Elementary.Exp(-1e9));
        Assert.True(double.IsFinite(Elementary.Exp(1e9)));
        Assert.Equal(1, Elementary.Exp(0));
        Assert.Equal(0, Elementary.Log(1));
        Assert.Equal(1, Elementary.Tanh(1e9));
        Assert.Equal(0, Elementary.Tanh(0));
        Assert.Equal(0, Elementary.Pow(0, 0.5));
        Assert.Equal(1, Elementary.Normal(1e9));
        Assert.Equal(0, Elementary.Normal(-1e9));
    }

    // e^x - 1 = 2 sinh(x/2) e^(x/2), which keeps its digits near 0.
    private static double Exact(double x) => 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);
}
