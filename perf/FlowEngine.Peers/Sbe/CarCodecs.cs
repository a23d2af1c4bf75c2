using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Peers.Messages.Car;
using Org.SbeTool.Sbe.Dll;

namespace FlowEngine.Peers.Sbe;

/// <summary>
/// The SBE project's own example: composites, arrays, a group with data, a group in a group, three texts. Texts are
/// copied out, as its own benchmark does.
/// </summary>
internal sealed class CarCodecs : IMessageCodecs
{
    private readonly GoldenMessage _messages = new("car_baseline.bin");
    private readonly byte[] _text = new byte[256];
    private readonly DirectBuffer _source;
    private readonly CarEncoders _encoders;
    private readonly Baseline.MessageHeader _header = new();
    private readonly Baseline.Car _car = new();

    public CarCodecs()
    {
        _source = new DirectBuffer(_messages.Source);
        _encoders = new CarEncoders(_messages);
    }

    public string Name => "Car";

    public GoldenMessage Messages => _messages;

    public IReadOnlyList<Codec> Decoders =>
        [new(Codec.Ours, DecodeOurs), new(Codec.Official, DecodeOfficial), new(Codec.ByHand, DecodeByHand)];

    public IReadOnlyList<Codec> Encoders =>
    [
        new(Codec.Ours, _encoders.EncodeOurs),
        new(Codec.Official, _encoders.EncodeOfficial),
        new(Codec.ByHand, _encoders.EncodeByHand),
    ];

    private long DecodeOurs(int turns)
    {
        var sum = 0L;
        ref var source = ref MemoryMarshal.GetArrayDataReference(_messages.Source);
        var length = _messages.Golden.Length;
        for (var turn = 0; turn < turns; turn++)
        {
            // A span over the message, as a transport hands it out.
            var bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref source, _messages.Offset(turn)), length);
            if (!CarReader.TryWrap(bytes, out var car))
            {
                return -1;
            }

            sum += (long)car.SerialNumber + car.ModelYear + (long)car.Available + (long)car.Code;
            for (var i = 0; i < CarReader.SomeNumbersLength; i++)
            {
                sum += car.SomeNumbers(i);
            }

            sum += Copy(car.VehicleCode) + (long)car.Extras;
            var engine = car.Engine;
            sum += engine.Capacity + engine.NumCylinders + Copy(engine.ManufacturerCode) + engine.Efficiency
                + (long)engine.BoosterEnabled + (long)engine.Booster.BoostType + engine.Booster.HorsePower;
            foreach (var figures in car.FuelFigures)
            {
                sum += figures.Speed + BitConverter.SingleToInt32Bits(figures.Mpg) + Copy(figures.UsageDescription);
            }

            foreach (var figures in car.PerformanceFigures)
            {
                sum += figures.OctaneRating;
                foreach (var acceleration in figures.Acceleration)
                {
                    sum += acceleration.Mph + BitConverter.SingleToInt32Bits(acceleration.Seconds);
                }
            }

            sum += Copy(car.Manufacturer) + Copy(car.Model) + Copy(car.ActivationCode);
        }

        return sum;
    }

    private long DecodeOfficial(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var offset = _messages.Offset(turn);
            _header.Wrap(_source, offset, 0);
            var car = _car.WrapForDecode(
                _source, offset + Baseline.MessageHeader.Size, _header.BlockLength, _header.Version);
            sum += (long)car.SerialNumber + car.ModelYear + (long)car.Available + (long)car.Code;
            for (var i = 0; i < Baseline.Car.SomeNumbersLength; i++)
            {
                sum += car.GetSomeNumbers(i);
            }

            sum += car.GetVehicleCode(_text) + (long)car.Extras;
            var engine = car.Engine;
            sum += engine.Capacity + engine.NumCylinders + engine.GetManufacturerCode(_text) + engine.Efficiency
                + (long)engine.BoosterEnabled + (long)engine.Booster.BoostType + engine.Booster.HorsePower;
            var fuelFigures = car.FuelFigures;
            while (fuelFigures.HasNext)
            {
                var figures = fuelFigures.Next();
                sum += figures.Speed + BitConverter.SingleToInt32Bits(figures.Mpg) + figures.GetUsageDescription(_text);
            }

            var performanceFigures = car.PerformanceFigures;
            while (performanceFigures.HasNext)
            {
                var figures = performanceFigures.Next();
                sum += figures.OctaneRating;
                var accelerations = figures.Acceleration;
                while (accelerations.HasNext)
                {
                    var acceleration = accelerations.Next();
                    sum += acceleration.Mph + BitConverter.SingleToInt32Bits(acceleration.Seconds);
                }
            }

            sum += car.GetManufacturer(_text) + car.GetModel(_text) + car.GetActivationCode(_text);
        }

        return sum;
    }

    private long DecodeByHand(int turns)
    {
        var sum = 0L;
        ref var source = ref MemoryMarshal.GetArrayDataReference(_messages.Source);
        for (var turn = 0; turn < turns; turn++)
        {
            ref var message = ref Unsafe.Add(ref source, _messages.Offset(turn));
            ref var block = ref Unsafe.Add(ref message, 8);
            sum += Unsafe.ReadUnaligned<long>(ref block) + Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref block, 8))
                + Unsafe.Add(ref block, 10) + Unsafe.Add(ref block, 11);
            for (var i = 0; i < 4; i++)
            {
                sum += Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref block, 12 + (i * 4)));
            }

            sum += Copy(ref Unsafe.Add(ref block, 28), 6) + Unsafe.Add(ref block, 34);
            sum += Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref block, 35)) + Unsafe.Add(ref block, 37)
                + Copy(ref Unsafe.Add(ref block, 38), 3) + (sbyte)Unsafe.Add(ref block, 41)
                + Unsafe.Add(ref block, 42) + Unsafe.Add(ref block, 43) + Unsafe.Add(ref block, 44);
            ref var at = ref Unsafe.Add(ref block, Unsafe.ReadUnaligned<ushort>(ref message));
            at = ref FuelByHand(ref at, ref sum);
            at = ref PerformanceByHand(ref at, ref sum);
            for (var i = 0; i < 3; i++)
            {
                at = ref TextByHand(ref at, ref sum);
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte FuelByHand(ref byte group, scoped ref long sum)
    {
        var stride = (int)Unsafe.ReadUnaligned<ushort>(ref group);
        var count = (int)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref group, 2));
        ref var at = ref Unsafe.Add(ref group, 4);
        for (var i = 0; i < count; i++)
        {
            sum += Unsafe.ReadUnaligned<ushort>(ref at) + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref at, 2));
            at = ref TextByHand(ref Unsafe.Add(ref at, stride), ref sum);
        }

        return ref at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte PerformanceByHand(ref byte group, scoped ref long sum)
    {
        var stride = (int)Unsafe.ReadUnaligned<ushort>(ref group);
        var count = (int)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref group, 2));
        ref var at = ref Unsafe.Add(ref group, 4);
        for (var i = 0; i < count; i++)
        {
            sum += at;
            at = ref Unsafe.Add(ref at, stride);
            var innerStride = (int)Unsafe.ReadUnaligned<ushort>(ref at);
            var innerCount = (int)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref at, 2));
            at = ref Unsafe.Add(ref at, 4);
            for (var j = 0; j < innerCount; j++)
            {
                sum += Unsafe.ReadUnaligned<ushort>(ref at) + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref at, 2));
                at = ref Unsafe.Add(ref at, innerStride);
            }
        }

        return ref at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref byte TextByHand(ref byte at, scoped ref long sum)
    {
        var length = Unsafe.ReadUnaligned<int>(ref at);
        sum += Copy(ref Unsafe.Add(ref at, 4), length);
        return ref Unsafe.Add(ref at, 4 + length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Copy(ref byte start, int length)
    {
        MemoryMarshal.CreateReadOnlySpan(ref start, length).CopyTo(_text);
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Copy(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_text);
        return text.Length;
    }
}
