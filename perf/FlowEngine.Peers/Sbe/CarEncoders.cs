using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Peers.Messages.Car;
using Org.SbeTool.Sbe.Dll;

namespace FlowEngine.Peers.Sbe;

/// <summary>The encoders of the car: everybody writes the golden message.</summary>
internal sealed class CarEncoders
{
    private readonly GoldenMessage _messages;
    private readonly DirectBuffer _target;
    private readonly Baseline.MessageHeader _header = new();
    private readonly Baseline.Car _car = new();

    public CarEncoders(GoldenMessage messages)
    {
        _messages = messages;
        _target = new DirectBuffer(messages.Target);
    }

    private static ReadOnlySpan<byte> VehicleCode => "abcdef"u8;

    private static ReadOnlySpan<byte> ManufacturerCode => "123"u8;

    private static ReadOnlySpan<byte> UrbanCycle => "Urban Cycle"u8;

    private static ReadOnlySpan<byte> CombinedCycle => "Combined Cycle"u8;

    private static ReadOnlySpan<byte> HighwayCycle => "Highway Cycle"u8;

    private static ReadOnlySpan<byte> Manufacturer => "Honda"u8;

    private static ReadOnlySpan<byte> CarModel => "Civic VTi"u8;

    private static ReadOnlySpan<byte> ActivationCode => "abcdef"u8;

    public long EncodeOurs(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var car = new CarWriter(_messages.Target.AsSpan(_messages.Offset(turn), _messages.Stride))
            {
                SerialNumber = 1234,
                ModelYear = 2013,
                Available = BooleanType.T,
                Code = Model.A,
                Extras = OptionalExtras.CruiseControl | OptionalExtras.SportsPack,
            };
            for (var i = 0; i < CarReader.SomeNumbersLength; i++)
            {
                car.SetSomeNumbers(i, (uint)i + 1);
            }

            car.SetVehicleCode(VehicleCode);
            var engine = car.Engine;
            engine.Capacity = 2000;
            engine.NumCylinders = 4;
            engine.SetManufacturerCode(ManufacturerCode);
            engine.Efficiency = 35;
            engine.BoosterEnabled = BooleanType.T;
            engine.SetBooster(BoostType.NITROUS, 200);

            var fuel = car.BeginFuelFigures(3);
            AddFuel(ref fuel, 30, 35.9f, UrbanCycle);
            AddFuel(ref fuel, 55, 49.0f, CombinedCycle);
            AddFuel(ref fuel, 75, 40.0f, HighwayCycle);

            var performance = car.BeginPerformanceFigures(2);
            performance.Next();
            performance.OctaneRating = 95;
            var acceleration = performance.BeginAcceleration(3);
            AddAcceleration(ref acceleration, 30, 4.0f);
            AddAcceleration(ref acceleration, 60, 7.5f);
            AddAcceleration(ref acceleration, 100, 12.2f);
            performance.Next();
            performance.OctaneRating = 99;
            acceleration = performance.BeginAcceleration(3);
            AddAcceleration(ref acceleration, 30, 3.8f);
            AddAcceleration(ref acceleration, 60, 7.1f);
            AddAcceleration(ref acceleration, 100, 11.8f);

            car.SetManufacturer(Manufacturer);
            car.SetModel(CarModel);
            car.SetActivationCode(ActivationCode);
            sum += car.EncodedLength;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFuel(ref CarWriter.FuelFiguresWriter fuel, ushort speed, float mpg, ReadOnlySpan<byte> usage)
    {
        fuel.Next();
        fuel.Speed = speed;
        fuel.Mpg = mpg;
        fuel.SetUsageDescription(usage);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAcceleration(
        ref CarWriter.PerformanceFiguresWriter.AccelerationWriter acceleration, ushort mph, float seconds)
    {
        acceleration.Next();
        acceleration.Mph = mph;
        acceleration.Seconds = seconds;
    }

    public long EncodeOfficial(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var car = _car.WrapForEncodeAndApplyHeader(_target, _messages.Offset(turn), _header);
            car.SerialNumber = 1234;
            car.ModelYear = 2013;
            car.Available = Baseline.BooleanType.T;
            car.Code = Baseline.Model.A;
            for (var i = 0; i < Baseline.Car.SomeNumbersLength; i++)
            {
                car.SetSomeNumbers(i, (uint)i + 1);
            }

            car.SetVehicleCode(VehicleCode);
            car.Extras = Baseline.OptionalExtras.CruiseControl | Baseline.OptionalExtras.SportsPack;
            var engine = car.Engine;
            engine.Capacity = 2000;
            engine.NumCylinders = 4;
            engine.SetManufacturerCode(ManufacturerCode);
            engine.Efficiency = 35;
            engine.BoosterEnabled = Baseline.BooleanType.T;
            engine.Booster.BoostType = Baseline.BoostType.NITROUS;
            engine.Booster.HorsePower = 200;

            var fuel = car.FuelFiguresCount(3);
            AddFuel(fuel, 30, 35.9f, UrbanCycle);
            AddFuel(fuel, 55, 49.0f, CombinedCycle);
            AddFuel(fuel, 75, 40.0f, HighwayCycle);

            var performance = car.PerformanceFiguresCount(2);
            performance.Next();
            performance.OctaneRating = 95;
            var acceleration = performance.AccelerationCount(3);
            AddAcceleration(acceleration, 30, 4.0f);
            AddAcceleration(acceleration, 60, 7.5f);
            AddAcceleration(acceleration, 100, 12.2f);
            performance.Next();
            performance.OctaneRating = 99;
            acceleration = performance.AccelerationCount(3);
            AddAcceleration(acceleration, 30, 3.8f);
            AddAcceleration(acceleration, 60, 7.1f);
            AddAcceleration(acceleration, 100, 11.8f);

            car.SetManufacturer(Manufacturer);
            car.SetModel(CarModel);
            car.SetActivationCode(ActivationCode);
            sum += car.Size;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFuel(
        Baseline.Car.FuelFiguresGroup fuel, ushort speed, float mpg, ReadOnlySpan<byte> usage)
    {
        fuel.Next();
        fuel.Speed = speed;
        fuel.Mpg = mpg;
        fuel.SetUsageDescription(usage);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddAcceleration(
        Baseline.Car.PerformanceFiguresGroup.AccelerationGroup acceleration, ushort mph, float seconds)
    {
        acceleration.Next();
        acceleration.Mph = mph;
        acceleration.Seconds = seconds;
    }

    public long EncodeByHand(int turns)
    {
        var sum = 0L;
        ref var target = ref MemoryMarshal.GetArrayDataReference(_messages.Target);
        for (var turn = 0; turn < turns; turn++)
        {
            ref var message = ref Unsafe.Add(ref target, _messages.Offset(turn));
            Unsafe.WriteUnaligned(ref message, 45UL | (1UL << 16) | (1UL << 32));
            ref var block = ref Unsafe.Add(ref message, 8);
            Unsafe.WriteUnaligned(ref block, 1234UL);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 8), (ushort)2013);
            Unsafe.Add(ref block, 10) = 1;
            Unsafe.Add(ref block, 11) = (byte)'A';
            for (var i = 0; i < 4; i++)
            {
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 12 + (i * 4)), i + 1);
            }

            VehicleCode.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, 28), 6));
            Unsafe.Add(ref block, 34) = 6;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 35), (ushort)2000);
            Unsafe.Add(ref block, 37) = 4;
            ManufacturerCode.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, 38), 3));
            Unsafe.Add(ref block, 41) = 35;
            Unsafe.Add(ref block, 42) = 1;
            Unsafe.Add(ref block, 43) = (byte)'N';
            Unsafe.Add(ref block, 44) = 200;

            ref var at = ref WriteDimension(ref Unsafe.Add(ref block, 45), 6, 3);
            at = ref WriteFuel(ref at, 30, 35.9f, UrbanCycle);
            at = ref WriteFuel(ref at, 55, 49.0f, CombinedCycle);
            at = ref WriteFuel(ref at, 75, 40.0f, HighwayCycle);
            at = ref WriteDimension(ref at, 1, 2);
            at = 95;
            at = ref WriteDimension(ref Unsafe.Add(ref at, 1), 6, 3);
            at = ref WriteAcceleration(ref at, 30, 4.0f);
            at = ref WriteAcceleration(ref at, 60, 7.5f);
            at = ref WriteAcceleration(ref at, 100, 12.2f);
            at = 99;
            at = ref WriteDimension(ref Unsafe.Add(ref at, 1), 6, 3);
            at = ref WriteAcceleration(ref at, 30, 3.8f);
            at = ref WriteAcceleration(ref at, 60, 7.1f);
            at = ref WriteAcceleration(ref at, 100, 11.8f);
            at = ref WriteText(ref at, Manufacturer);
            at = ref WriteText(ref at, CarModel);
            at = ref WriteText(ref at, ActivationCode);
            sum += (long)Unsafe.ByteOffset(ref message, ref at);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte WriteDimension(ref byte at, int blockLength, int count)
    {
        Unsafe.WriteUnaligned(ref at, blockLength | (count << 16));
        return ref Unsafe.Add(ref at, 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte WriteFuel(ref byte at, ushort speed, float mpg, ReadOnlySpan<byte> usage)
    {
        Unsafe.WriteUnaligned(ref at, speed);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, 2), mpg);
        return ref WriteText(ref Unsafe.Add(ref at, 6), usage);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte WriteAcceleration(ref byte at, ushort mph, float seconds)
    {
        Unsafe.WriteUnaligned(ref at, mph);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref at, 2), seconds);
        return ref Unsafe.Add(ref at, 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref byte WriteText(ref byte at, ReadOnlySpan<byte> text)
    {
        Unsafe.WriteUnaligned(ref at, text.Length);
        text.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref at, 4), text.Length));
        return ref Unsafe.Add(ref at, 4 + text.Length);
    }
}
