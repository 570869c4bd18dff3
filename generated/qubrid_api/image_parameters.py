"""What ``images.generate`` takes, as the document has it. Written by ``make gen``; changes made here are lost."""

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Final, Literal, NamedTuple, Protocol, Required, TypeAlias, TypedDict
from uuid import UUID


class SupportsSave(Protocol):
    """A picture that writes itself into a file, such as those of Pillow."""

    def save(self, fp: IO[bytes], format: str | None = ..., **params: Any) -> None: ...


ImageInput: TypeAlias = str | bytes | os.PathLike[str] | IO[bytes] | SupportsSave
"""A picture to start from: an address, bytes, a path, an open file or a Pillow image."""


class ImageParameters(TypedDict, total=False):
    """The parameters of POST /images/generations besides the prompt.

    A parameter that is left out is not sent: the service applies its default, which may differ by model.
    """

    model: str
    """The image generation model to use. Example: "qwen-image"."""

    enhance_prompt: bool
    """Whether to automatically enhance the prompt before generation. Default: false."""

    go_fast: bool
    """Whether to prioritize faster generation. Default: true."""

    guidance: float
    """Guidance scale controlling prompt adherence. Default: 3."""

    negative_prompt: str
    """Elements you want to avoid in the generated image. Default: ""."""

    num_inference_steps: int
    """Number of denoising steps used during generation. Default: 30."""

    seed: int | None
    """Optional random seed for reproducible results. Default: null."""

    disable_safety_checker: bool
    """Disable the safety checker for generation. Default: false."""

    image: ImageInput | None
    """Optional input image for image-to-image generation or editing. Default: null."""

    strength: float
    """Strength of transformation when using an input image. Default: 0."""

    lora_weights: str | None
    """Optional LoRA weights identifier. Default: null."""

    lora_scale: float
    """Scale factor for the primary LoRA weights. Default: 1."""

    extra_lora_weights: Sequence[str]
    """Additional LoRA weights to apply. Default: []."""

    extra_lora_scale: Sequence[float]
    """Scale values for additional LoRA weights. Default: [1, 1]."""

    aspect_ratio: str
    """Aspect ratio for the generated image. Example: "16:9"."""

    image_size: str
    """Controls image resolution or optimization mode. Example: "optimize_for_quality"."""

    output_format: str
    """Desired output image format. Example: "webp"."""

    output_quality: int
    """Compression quality for the output image. Default: 80."""


class Parameter(NamedTuple):
    """What the document says about one property of the request.

    Attributes:
        name: Its name on the wire.
        type: "string", "integer", "number", "boolean", "array", "object", or "any" if it may be several of them.
        items: The type of an array's items, in the same words.
        format: The document's format, such as "date-time".
        required: Whether the document insists on it.
        nullable: Whether null is allowed.
        has_default: Whether the document gives a default.
        default: That default; the service applies it, nobody here sends it.
        enum: The values that the document lists, without null.
        example: The document's example, if it has one.
        description: What it is for, in one line.
        is_image: Whether its string is a picture, so that the facade takes whatever ImageInput is.
        minimum: The least value, if the document names one; nobody here enforces it.
        maximum: The greatest value, likewise.
        by_name: Whether images.generate takes it by name; otherwise it goes into extra_body, because
            images.generate has an argument of its own that is called the same.
    """

    name: str
    type: str
    items: str | None
    format: str | None
    required: bool
    nullable: bool
    has_default: bool
    default: Any
    enum: tuple[Any, ...]
    example: Any
    description: str
    is_image: bool
    minimum: float | None = None
    maximum: float | None = None
    by_name: bool = True


PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter(
        name="model",
        type="string",
        items=None,
        format=None,
        required=True,
        nullable=False,
        has_default=False,
        default=None,
        enum=(),
        example="qwen-image",
        description="The image generation model to use.",
        is_image=False,
    ),
    Parameter(
        name="prompt",
        type="string",
        items=None,
        format=None,
        required=True,
        nullable=False,
        has_default=False,
        default=None,
        enum=(),
        example="A futuristic city skyline at sunset",
        description="The text prompt describing the image to generate.",
        is_image=False,
    ),
    Parameter(
        name="enhance_prompt",
        type="boolean",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=False,
        enum=(),
        example=None,
        description="Whether to automatically enhance the prompt before generation.",
        is_image=False,
    ),
    Parameter(
        name="go_fast",
        type="boolean",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=True,
        enum=(),
        example=None,
        description="Whether to prioritize faster generation.",
        is_image=False,
    ),
    Parameter(
        name="guidance",
        type="number",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=3,
        enum=(),
        example=None,
        description="Guidance scale controlling prompt adherence.",
        is_image=False,
    ),
    Parameter(
        name="negative_prompt",
        type="string",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default="",
        enum=(),
        example=None,
        description="Elements you want to avoid in the generated image.",
        is_image=False,
    ),
    Parameter(
        name="num_inference_steps",
        type="integer",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=30,
        enum=(),
        example=None,
        description="Number of denoising steps used during generation.",
        is_image=False,
    ),
    Parameter(
        name="seed",
        type="integer",
        items=None,
        format=None,
        required=False,
        nullable=True,
        has_default=True,
        default=None,
        enum=(),
        example=None,
        description="Optional random seed for reproducible results.",
        is_image=False,
    ),
    Parameter(
        name="disable_safety_checker",
        type="boolean",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=False,
        enum=(),
        example=None,
        description="Disable the safety checker for generation.",
        is_image=False,
    ),
    Parameter(
        name="image",
        type="string",
        items=None,
        format=None,
        required=False,
        nullable=True,
        has_default=True,
        default=None,
        enum=(),
        example=None,
        description="Optional input image for image-to-image generation or editing.",
        is_image=True,
    ),
    Parameter(
        name="strength",
        type="number",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=0,
        enum=(),
        example=None,
        description="Strength of transformation when using an input image.",
        is_image=False,
    ),
    Parameter(
        name="lora_weights",
        type="string",
        items=None,
        format=None,
        required=False,
        nullable=True,
        has_default=True,
        default=None,
        enum=(),
        example=None,
        description="Optional LoRA weights identifier.",
        is_image=False,
    ),
    Parameter(
        name="lora_scale",
        type="number",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=1,
        enum=(),
        example=None,
        description="Scale factor for the primary LoRA weights.",
        is_image=False,
    ),
    Parameter(
        name="extra_lora_weights",
        type="array",
        items="string",
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=[],
        enum=(),
        example=None,
        description="Additional LoRA weights to apply.",
        is_image=False,
    ),
    Parameter(
        name="extra_lora_scale",
        type="array",
        items="number",
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=[1, 1],
        enum=(),
        example=None,
        description="Scale values for additional LoRA weights.",
        is_image=False,
    ),
    Parameter(
        name="aspect_ratio",
        type="string",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=False,
        default=None,
        enum=(),
        example="16:9",
        description="Aspect ratio for the generated image.",
        is_image=False,
    ),
    Parameter(
        name="image_size",
        type="string",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=False,
        default=None,
        enum=(),
        example="optimize_for_quality",
        description="Controls image resolution or optimization mode.",
        is_image=False,
    ),
    Parameter(
        name="output_format",
        type="string",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=False,
        default=None,
        enum=(),
        example="webp",
        description="Desired output image format.",
        is_image=False,
    ),
    Parameter(
        name="output_quality",
        type="integer",
        items=None,
        format=None,
        required=False,
        nullable=False,
        has_default=True,
        default=80,
        enum=(),
        example=None,
        description="Compression quality for the output image.",
        is_image=False,
    ),
)
"""Every property of the request, in the document's order."""
