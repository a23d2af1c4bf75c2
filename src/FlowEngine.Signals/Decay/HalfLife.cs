using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Exponential decay d = 2^-(dt/h) with half-life h, the same bits on every machine (signals.md 0.3).
/// <para>The integer part of dt/h lowers the exponent, ten bits of the fraction choose a table entry, and the rest z of
/// it is 1 - z + z²/2 - z³/6: + and × only. A straight line between entries would be 5.7e-8 off at worst, but always to
/// the same side: over many short steps it lengthens the half-life by 0.03 %. The cubic is within 1e-13 and does not
/// drift.</para>
/// </summary>
public readonly struct HalfLife
{
    private const int FractionBits = 10;
    private const int TableLength = 1 << FractionBits;
    private const int VanishedHalfLives = 1000;
    private const int ExponentShift = 52;

    // ln 2 / 1024: the decay exponent of one table step.
    private const double ExponentPerStep = 0.0006769015435155716;
    private const double Half = 0.5;
    private const double Third = 1.0 / 3.0;

    private static readonly double[] s_powers = BuildPowers();

    private readonly double _perNs;

    /// <summary>A decay that halves in this time.</summary>
    /// <param name="ns">Nanoseconds, more than 0.</param>
    public HalfLife(long ns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ns, 1);
        Ns = ns;
        _perNs = 1.0 / ns;
    }

    /// <summary>Nanoseconds in which a value halves.</summary>
    public long Ns { get; }

    /// <summary>
    /// What is left of 1 after <paramref name="elapsedNs"/>: 1 when no time passed or it ran backwards, 0 after a
    /// thousand half-lives. O(1).
    /// </summary>
    [Hot]
    public double Factor(long elapsedNs)
    {
        if (elapsedNs <= 0)
        {
            return 1;
        }

        double halfLives = elapsedNs * _perNs;
        if (!(halfLives < VanishedHalfLives))
        {
            return 0;
        }

        int whole = (int)halfLives;
        double steps = (halfLives - whole) * TableLength;
        int step = (int)steps;
        double z = (steps - step) * ExponentPerStep;
        return ScaleDown(s_powers[step] * (1 - LostWithinStep(z)), whole);
    }

    /// <summary>
    /// What <see cref="Factor"/> says for each of these half-lives, bit for bit, four at a time where the machine can.
    /// </summary>
    /// <param name="halfLives">Of each.</param>
    /// <param name="elapsedNs">The time that passed.</param>
    /// <param name="factors">Receives as many, with room for a multiple of four.</param>
    [Hot]
    public static unsafe void Factors(ReadOnlySpan<HalfLife> halfLives, long elapsedNs, Span<double> factors)
    {
        if (elapsedNs <= 0 || !Avx2.IsSupported)
        {
            for (int i = 0; i < halfLives.Length; i++)
            {
                factors[i] = halfLives[i].Factor(elapsedNs);
            }

            return;
        }

        var elapsed = Vector256.Create((double)elapsedNs);
        ref double table = ref MemoryMarshal.GetArrayDataReference(s_powers);
        fixed (double* powers = &table)
        {
            for (int i = 0; i < halfLives.Length; i += Vector256<double>.Count)
            {
                int last = halfLives.Length - 1;
                var passed = elapsed * Vector256.Create(
                    halfLives[i]._perNs,
                    halfLives[Math.Min(i + 1, last)]._perNs,
                    halfLives[Math.Min(i + 2, last)]._perNs,
                    halfLives[Math.Min(i + 3, last)]._perNs);
                Factors(passed, powers).CopyTo(factors[i..]);
            }
        }
    }

    /// <summary>1 - <see cref="Factor"/>, to all digits even where next to nothing is lost. O(1).</summary>
    [Hot]
    public double Lost(long elapsedNs)
    {
        double z = elapsedNs * _perNs * TableLength;
        return z > 0 && z < 1 ? LostWithinStep(z * ExponentPerStep) : 1 - Factor(elapsedNs);
    }

    // The arithmetic of Factor, operation by operation.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<double> Factors(Vector256<double> halfLives, double* powers)
    {
        Vector256<double> live = Vector256.LessThan(halfLives, Vector256.Create((double)VanishedHalfLives));
        halfLives &= live;
        Vector128<int> whole = Avx.ConvertToVector128Int32WithTruncation(halfLives);
        Vector256<double> steps = (halfLives - Avx.ConvertToVector256Double(whole)) * TableLength;
        Vector128<int> step = Avx.ConvertToVector128Int32WithTruncation(steps);
        Vector256<double> z = (steps - Avx.ConvertToVector256Double(step)) * ExponentPerStep;
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> lost = z * (one - z * Half * (one - z * Third));
        Vector256<double> kept = Avx2.GatherVector256(powers, step, sizeof(double)) * (one - lost);
        Vector256<long> halvings = Avx2.ConvertToVector256Int64(whole) << ExponentShift;
        return (kept.AsInt64() - halvings).AsDouble() & live;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double LostWithinStep(double z) => z * (1 - z * Half * (1 - z * Third));

    /// <summary>
    /// fraction / 2^halvings for a fraction of about 0.5 to 1: the result is a normal number, so this is exact.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ScaleDown(double fraction, int halvings) =>
        BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(fraction) - ((long)halvings << ExponentShift));

    /// <summary>
    /// 2^-(i/1024): for each bit of i one product with 2^-(1/2), 2^-(1/4) ... 2^-(1/1024), given by their bits.
    /// </summary>
    private static double[] BuildPowers()
    {
        ReadOnlySpan<ulong> rootBits =
        [
            0x3FE6A09E667F3BCD, 0x3FEAE89F995AD3AD, 0x3FED5818DCFBA487, 0x3FEEA4AFA2A490DA, 0x3FEF50765B6E4540,
            0x3FEFA7C1819E90D8, 0x3FEFD3C22B8F71F1, 0x3FEFE9D96B2A23D9, 0x3FEFF4EACA4391B6, 0x3FEFFA74EA381EFC,
        ];
        var powers = new double[TableLength];
        for (int i = 0; i < TableLength; i++)
        {
            double power = 1;
            for (int bit = 0; bit < FractionBits; bit++)
            {
                if ((i >> (FractionBits - 1 - bit) & 1) != 0)
                {
                    power *= BitConverter.UInt64BitsToDouble(rootBits[bit]);
                }
            }

            powers[i] = power;
        }

        return powers;
    }
}
