using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Engine;
using FlowEngine.Messages.Signals;
using FlowEngine.Signals;
using FlowEngine.Tests.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Every value of the catalogue, found by reflection, has a place of its own on the wire.</summary>
public sealed class CatalogueEncoderTests
{
    private delegate void Encoder<T>(Span<byte> buffer, in T values);

    [Fact]
    public void Every_value_has_its_own_place_in_its_message()
    {
        AssertPlaces(
            FairValueReader.EncodedFixedLength,
            (Span<byte> buffer, in FairValueValues values) => CatalogueEncoder.FairValue(buffer, values));
        AssertPlaces(
            BookShapeReader.EncodedFixedLength,
            (Span<byte> buffer, in ShapeValues values) => CatalogueEncoder.BookShape(buffer, values));
        AssertPlaces(
            ResilienceReader.EncodedFixedLength,
            (Span<byte> buffer, in ResilienceValues values) => CatalogueEncoder.Resilience(buffer, values));
        AssertPlaces(
            ExcitationReader.EncodedFixedLength,
            (Span<byte> buffer, in ExcitationValues values) => CatalogueEncoder.Excitation(buffer, values));
        AssertPlaces(
            ActivityReader.EncodedFixedLength,
            (Span<byte> buffer, in ActivityValues values) => CatalogueEncoder.Activity(buffer, values));
        AssertPlaces(
            PriceImpactReader.EncodedFixedLength,
            (Span<byte> buffer, in PriceImpactValues values) => CatalogueEncoder.PriceImpact(buffer, values));
        AssertPlaces(
            LeverageReader.EncodedFixedLength,
            (Span<byte> buffer, in LeverageValues values) => CatalogueEncoder.Leverage(buffer, values));
        AssertPlaces(
            LoopGainsReader.EncodedFixedLength,
            (Span<byte> buffer, in LoopValues values) => CatalogueEncoder.LoopGains(buffer, values));
        AssertPlaces(
            ExecutionReader.EncodedFixedLength,
            (Span<byte> buffer, in ExecutionValues values) => CatalogueEncoder.Execution(buffer, values));
    }

    private static void AssertPlaces<T>(int length, Encoder<T> encode)
        where T : struct
    {
        byte[] plain = new byte[length];
        encode(plain, default);
        Dictionary<string, double> nothing = Flatten(default(T));
        var places = new Dictionary<string, (int At, int Bits)>();
        for (int i = 0; i < Unsafe.SizeOf<T>(); i++)
        {
            // One byte of the structure says which value it belongs to and where that went.
            T values = default;
            MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref values, 1))[i] = 1;
            string? name = Flatten(values).FirstOrDefault(x => x.Value != nothing[x.Key]).Key;
            if (name is null || places.ContainsKey(name))
            {
                continue;
            }

            byte[] message = new byte[length];
            encode(message, values);
            int place = plain.Zip(message).Index().FirstOrDefault(x => x.Item.First != x.Item.Second).Index;
            if (place > 0)
            {
                // Flags may share a byte, not a bit.
                (int At, int Bits) where = (place, message[place] ^ plain[place]);
                Assert.DoesNotContain(where, places.Values);
                places.Add(name, where);
            }
        }

        // What a fit is worth is in the flags of the message.
        string[] missing = [.. nothing.Keys.Except(places.Keys)];
        Assert.All(missing, name => Assert.EndsWith(".Flags", name, StringComparison.Ordinal));
    }

    private static Dictionary<string, double> Flatten<T>(T values)
        where T : struct
    {
        var fields = new Dictionary<string, double>();
        ValueFields.Flatten(typeof(T).Name, values, fields);
        return fields;
    }
}
